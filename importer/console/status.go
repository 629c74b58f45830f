package console

func (c *Console) Status(path string) error { return nil }
