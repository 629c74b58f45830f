#compdef {{.Program}}
# Completion of {{.Program}} for zsh. In ~/.zshrc, behind compinit: source <({{.Program}} completion zsh)

_{{.Program}}() {
	local curcontext=$curcontext state line ret=1
	typeset -A opt_args
	local -a commands=(
{{- range .Commands}}
		{{quote (printf "%s:%s" .Name .Help)}}
{{- end}}
	)
	_arguments -C -S \
		'(- *)'{-h,--help}{{quote (printf "[%s]" (escape .Help))}} \
		'(- *)'{-V,--version} \
		'1: :->command' \
		'*:: :->rest' && ret=0
	case $state in
	command)
		_describe -t commands command commands && ret=0
		[[ -n $PREFIX ]] && {{template "files" (index (index .Commands 0).Arguments 0)}} && ret=0
		;;
	rest)
		case $words[1] in
		help) _describe -t commands command commands && ret=0 ;;
{{- range $i, $c := .Commands}}
		{{.Name}})
			_arguments -S \
{{- range .Flags}}
				{{if .Short}}'(-{{.Short}} --{{.Long}})'{-{{.Short}}{{if .Takes}}+{{end}},--{{.Long}}{{if .Takes}}={{end}}}{{else}}{{if .Repeats}}'*'{{end}}--{{.Long}}{{if .Takes}}={{end}}{{end}}{{quote (printf "[%s]" (escape .Help))}}{{if .Takes}}{{template "value" .Value}}{{end}} \
{{- end}}
{{- range $i, $v := .Arguments}}
				{{inc $i}}{{template "value" $v}} \
{{- end}}
				'(- *)'{-h,--help}{{quote (printf "[%s]" (escape $.Help))}} && ret=0
			;;
{{- end}}
		*) # a file alone is checked, as run does it
			_arguments -S \
{{- range (index .Commands 0).Flags}}
				{{if .Short}}'(-{{.Short}} --{{.Long}})'{-{{.Short}}{{if .Takes}}+{{end}},--{{.Long}}{{if .Takes}}={{end}}}{{else}}--{{.Long}}{{if .Takes}}={{end}}{{end}}{{quote (printf "[%s]" (escape .Help))}}{{if .Takes}}{{template "value" .Value}}{{end}} \
{{- end}}
				&& ret=0
			;;
		esac
		;;
	esac
	return ret
}

if [[ $funcstack[1] == _{{.Program}} ]]; then
	_{{.Program}} "$@"
else
	compdef _{{.Program}} {{.Program}}
fi
{{- define "files"}}_files{{if .Endings}} -g '*.(#i)({{range $i, $e := .Endings}}{{if $i}}|{{end}}{{noDot $e}}{{end}})(-.)'{{end}}{{end}}
{{- define "value"}}{{if .Words}}':{{.Name}}:({{range $i, $w := .Words}}{{if $i}} {{end}}{{$w}}{{end}})'
{{- else if .Files}}':{{.Name}}:_files{{if .Endings}} -g "*.(#i)({{range $i, $e := .Endings}}{{if $i}}|{{end}}{{noDot $e}}{{end}})(-.)"{{end}}'
{{- else}}':{{.Name}}: '{{end}}{{end}}
