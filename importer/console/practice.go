package console

import (
	"fmt"

	"etelecom-import/importer/roster"
)

// Equip gives a practice tenant the extensions that sound rows name. Those with a number come first: the others are
// given free ones.
func Equip(r *roster.Roster, add func(id int64, number string) (int64, error)) error {
	for _, numbered := range []bool{true, false} {
		for i := range r.Rows {
			row := &r.Rows[i]
			if (row.ExtensionNumber != "") != numbered || r.Problem(i) != nil {
				continue
			}
			if _, err := add(row.ExtensionID, row.ExtensionNumber); err != nil {
				return fmt.Errorf("practice tenant: line %d: %w", row.Line, err)
			}
		}
	}
	return nil
}

// Practice says how to use a practice tenant: what it prints, a shell can run.
func (c *Console) Practice(address, baseURL, key string) {
	fmt.Fprintf(c.out, "# A practice tenant, until Ctrl-C. Its record: curl http://%s/record\n", address)
	fmt.Fprintln(c.out, "# To use it, in another terminal:")
	fmt.Fprintf(c.out, "export ETELECOM_BASE_URL=%s\nexport ETELECOM_API_KEY=%s\n", baseURL, Quote(key))
}

// Practised says what was done to it, each fact in a line.
func (c *Console) Practised(facts []string) {
	fmt.Fprintln(c.out)
	for _, fact := range facts {
		fmt.Fprintln(c.out, "#", fact)
	}
}
