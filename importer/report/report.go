// Package report has what programs, and package console, are told of a run: how it ended ([Run], as JSON and as metrics), the status of a
// result, the summary of an offline dry run, the list of problems, and the trace of its calls; and likewise how a verification ended
// ([Verification]). It writes the files of these and prints nothing. What a run itself knows of its end is [importer.Summary]. The command
// report is not here: its document is of package signoff.
package report
