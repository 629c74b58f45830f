# Completion of {{.Program}} for fish. In ~/.config/fish/config.fish: {{.Program}} completion fish | source

# Succeeds if the command is one of these; without any, if there is none yet. A file alone counts as run.
function __{{.Function}}_command
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and continue
        contains -- $word {{range .Commands}}{{.Name}} {{end}}help; or set word run
        contains -- $word $argv
        return
    end
    test (count $argv) = 0
end

# Offers folders, and files with one of the endings.
function __{{.Function}}_files
    set -l word (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
    set -l ending (string join '|' (string escape --style=regex -- $argv))
    complete -C "'' $word" | string match -ri -- "^.*/(?:\t.*)?\$|^.*(?:$ending)(?:\t.*)?\$"
end

complete -c {{.Program}} -f
complete -c {{.Program}} -n __{{.Function}}_command -s h -l help -d {{fish .Help}}
complete -c {{.Program}} -n __{{.Function}}_command -s V -l version
{{- range .Commands}}
complete -c {{$.Program}} -n __{{$.Function}}_command -a {{.Name}} -d {{fish .Help}}
{{- end}}
complete -c {{.Program}} -n '__{{.Function}}_command; and test -n (commandline -ct)' -k -a '{{template "files" (index (index .Commands 0).Arguments 0)}}'
complete -c {{.Program}} -n '__{{.Function}}_command help' -a '{{range $i, $c := .Commands}}{{if $i}} {{end}}{{.Name}}{{end}}'
{{- range $c := .Commands}}
complete -c {{$.Program}} -n '__{{$.Function}}_command {{$c.Name}}' -s h -l help -d {{fish $.Help}}
{{- range .Flags}}
complete -c {{$.Program}} -n '__{{$.Function}}_command {{$c.Name}}'{{if .Short}} -s {{.Short}}{{end}} -l {{.Long}} -d {{fish .Help}}{{if .Takes}}{{template "value" .Value}}{{end}}
{{- end}}
{{- range .Arguments}}
complete -c {{$.Program}} -n '__{{$.Function}}_command {{$c.Name}}' {{if .Words}}-a '{{template "words" .}}'{{else if .Files}}-k -a '{{template "files" .}}'{{end}}
{{- end}}
{{- end}}
{{define "words"}}{{range $i, $w := .Words}}{{if $i}} {{end}}{{$w}}{{end}}{{end}}
{{- define "files"}}(__{{function}}_files{{range .Endings}} {{.}}{{end}}){{end}}
{{- define "value"}}{{if .Words}} -x -a '{{template "words" .}}'{{else if .Endings}} -x -a '{{template "files" .}}'{{else if .Files}} -r -F{{else}} -x{{end}}{{end}}
