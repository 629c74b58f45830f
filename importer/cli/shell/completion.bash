# Completion of {{.Program}} for bash. In ~/.bashrc: source <({{.Program}} completion bash)

# Offers folders, and files with one of the endings; without endings all files.
_{{.Function}}_files() {
	local file ending
	type compopt >/dev/null 2>&1 && compopt -o filenames 2>/dev/null
	[[ $cur == [\"\']* ]] && cur=${cur:1}
	while IFS= read -r file; do
		if [[ $# == 0 || -d ${file/#\~/$HOME} ]]; then
			COMPREPLY+=("$file")
			continue
		fi
		for ending in "$@"; do
			[[ $file == *$ending ]] && COMPREPLY+=("$file")
		done
	done < <(compgen -f -- "$cur")
}

_{{.Function}}_words() {
	local word
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -W "$*" -- "$cur")
}

# Offers the values of a flag, or of an argument by its number.
_{{.Function}}_values() {
	case $1 in
{{- range $c := .Commands}}{{range .Flags}}{{if .Takes}}
	{{$c.Name}}:--{{.Long}}{{if .Short}} | {{$c.Name}}:-{{.Short}}{{end}}) {{template "values" .Value}} ;;
{{- end}}{{end}}{{range $i, $v := .Arguments}}
	{{$c.Name}}:{{$i}}) {{template "values" $v}} ;;
{{- end}}{{end}}
	esac
}

_{{.Function}}() {
	local cur=${COMP_WORDS[COMP_CWORD]} command='' flag='' word i arguments=0
	local takes=' {{range $c := .Commands}}{{range .Flags}}{{if .Takes}}{{$c.Name}}:--{{.Long}} {{if .Short}}{{$c.Name}}:-{{.Short}} {{end}}{{end}}{{end}}{{end}}'
	COMPREPLY=()
	# bash divides --flag=value at the equals sign.
	if [[ $cur == '=' ]]; then
		flag=${COMP_WORDS[COMP_CWORD - 1]}
		cur=''
	elif ((COMP_CWORD > 2)) && [[ ${COMP_WORDS[COMP_CWORD - 1]} == '=' ]]; then
		flag=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		if [[ $word == '=' ]]; then
			((i++))
		elif [[ $word == -?* ]]; then
			[[ $takes == *" $command:$word "* && ${COMP_WORDS[i + 1]} != '=' ]] || continue
			((++i == COMP_CWORD)) && flag=$word
		elif [[ $command ]]; then
			((arguments++))
		elif [[ ' {{range .Commands}}{{.Name}} {{end}}help ' == *" $word "* ]]; then
			command=$word
		else # a file alone is checked, as run does it
			command=run arguments=1
		fi
	done
	if [[ $flag ]]; then
		_{{.Function}}_values "$command:$flag"
		return
	fi
	case $command:$cur in
	:-*) _{{.Function}}_words --help --version ;;
	:* | help:*)
		_{{.Function}}_words{{range .Commands}} {{.Name}}{{end}}
		[[ $command || ! $cur ]] || {
			_{{.Function}}_words help
			_{{.Function}}_values run:0
		}
		;;
{{- range .Commands}}
	{{.Name}}:-*) _{{$.Function}}_words {{range .Flags}}--{{.Long}} {{end}}--help ;;
{{- end}}
	*) _{{.Function}}_values "$command:$arguments" ;;
	esac
}

if ((BASH_VERSINFO[0] < 4)); then
	complete -o filenames -F _{{.Function}} {{.Program}}
else
	complete -F _{{.Function}} {{.Program}}
fi
{{- define "values"}}
{{- if .Words}}_{{function}}_words {{range $i, $w := .Words}}{{if $i}} {{end}}{{$w}}{{end}}
{{- else if .Files}}_{{function}}_files{{range .Endings}} '{{anyCase .}}'{{end}}
{{- else}}:{{end}}
{{- end}}
