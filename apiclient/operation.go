package apiclient

// The names of the calls, as they stand in [Error].Op.
const (
	OpCurrentAccount        = "CurrentAccount"
	OpCurrentShop           = "CurrentShop"
	OpGetTenant             = "GetTenant"
	OpCreateAccountUser     = "CreateAccountUser"
	OpGetAccountUsers       = "GetAccountUsers"
	OpGetExtensions         = "GetExtensions"
	OpAssignUserToExtension = "AssignUserToExtension"
)

// kind is what a call does to the tenant.
type kind uint8

const (
	read kind = iota
	create
	assign
)

// DefaultService is eTelecom's own name of the service that manages extensions. Brands that run on the same platform
// have another one.
const DefaultService = "Etelecom"

// operation is a call of the API.
type operation struct {
	service, name string // a service of "" has the name that [Config].Service gives it
	kind          kind
}

var (
	currentAccount        = operation{"Misc", OpCurrentAccount, read}
	currentShop           = operation{"Shop", OpCurrentShop, read}
	getTenant             = operation{"", OpGetTenant, read}
	createAccountUser     = operation{"Shop", OpCreateAccountUser, create}
	getAccountUsers       = operation{"Shop", OpGetAccountUsers, read}
	getExtensions         = operation{"", OpGetExtensions, read}
	assignUserToExtension = operation{"", OpAssignUserToExtension, assign}
)

var operations = []operation{
	currentAccount, currentShop, getTenant, createAccountUser, getAccountUsers, getExtensions, assignUserToExtension,
}
