// Package report collects what programs and package console report: the status of a result, the summary of an offline dry run,
// metrics, and the list of problems. It prints nothing. The summary of a run is [importer.Summary].
package report
