// Package report says what is so, for machines and for those who put it in words for people: the status of a result, the summary
// of a run that asked nobody, metrics, and the list of problems. It prints nothing. The summary of a run is [importer.Summary].
package report
