package apiclient

// The names of the calls, as they stand in [Error].Op.
const (
	OpCurrentAccount        = "CurrentAccount"
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

// operation is a call of the API.
type operation struct {
	service, name string
	kind          kind
}

var (
	currentAccount        = operation{"Misc", OpCurrentAccount, read}
	createAccountUser     = operation{"Shop", OpCreateAccountUser, create}
	getAccountUsers       = operation{"Shop", OpGetAccountUsers, read}
	getExtensions         = operation{"Etelecom", OpGetExtensions, read}
	assignUserToExtension = operation{"Etelecom", OpAssignUserToExtension, assign}
)

var operations = []operation{currentAccount, createAccountUser, getAccountUsers, getExtensions, assignUserToExtension}
