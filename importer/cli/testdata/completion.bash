# Completion of etelecom-import for bash. In ~/.bashrc: source <(etelecom-import completion bash)

# Offers folders, and files with one of the endings; without endings all files.
_etelecom_import_files() {
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

_etelecom_import_words() {
	local word
	while IFS= read -r word; do
		COMPREPLY+=("$word")
	done < <(compgen -W "$*" -- "$cur")
}

# Offers the values of a flag, or of an argument by its number.
_etelecom_import_values() {
	case $1 in
	run:--result | run:-o) _etelecom_import_files '.[cC][sS][vV]' ;;
	run:--metrics) _etelecom_import_files ;;
	run:--limit) : ;;
	run:--color) _etelecom_import_words auto always never ;;
	run:--fault) : ;;
	run:0) _etelecom_import_files '.[cC][sS][vV]' '.[xX][lL][sS][xX]' ;;
	completion:0) _etelecom_import_words bash zsh fish powershell ;;
	esac
}

_etelecom_import() {
	local cur=${COMP_WORDS[COMP_CWORD]} command='' flag='' word i arguments=0
	local takes=' run:--result run:-o run:--metrics run:--limit run:--color run:--fault '
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
		elif [[ ' run completion help ' == *" $word "* ]]; then
			command=$word
		else # a file alone is checked, as run does it
			command=run arguments=1
		fi
	done
	if [[ $flag ]]; then
		_etelecom_import_values "$command:$flag"
		return
	fi
	case $command:$cur in
	:-*) _etelecom_import_words --help --version ;;
	:* | help:*)
		_etelecom_import_words run completion
		[[ $command || ! $cur ]] || {
			_etelecom_import_words help
			_etelecom_import_values run:0
		}
		;;
	run:-*) _etelecom_import_words --result --metrics --dry-run --limit --color --fault --help ;;
	completion:-*) _etelecom_import_words --help ;;
	*) _etelecom_import_values "$command:$arguments" ;;
	esac
}

if ((BASH_VERSINFO[0] < 4)); then
	complete -o filenames -F _etelecom_import etelecom-import
else
	complete -F _etelecom_import etelecom-import
fi
