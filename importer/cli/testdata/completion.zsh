#compdef etelecom-import
# Completion of etelecom-import for zsh. In ~/.zshrc, behind compinit: source <(etelecom-import completion zsh)

_etelecom-import() {
	local curcontext=$curcontext state line ret=1
	typeset -A opt_args
	local -a commands=(
		'run:Do it.'
		'completion:Print a script.'
	)
	_arguments -C -S \
		'(- *)'{-h,--help}'[Show context-sensitive help.]' \
		'(- *)'{-V,--version} \
		'1: :->command' \
		'*:: :->rest' && ret=0
	case $state in
	command)
		_describe -t commands command commands && ret=0
		[[ -n $PREFIX ]] && _files -g '*.(#i)(csv|xlsx)(-.)' && ret=0
		;;
	rest)
		case $words[1] in
		help) _describe -t commands command commands && ret=0 ;;
		run)
			_arguments -S \
				'(-o --result)'{-o+,--result=}'[The result'\''s file.]'':FILE:_files -g "*.(#i)(csv)(-.)"' \
				--metrics='[Numbers \[of the run\]: $HOME.]'':FILE:_files' \
				'(-n --dry-run)'{-n,--dry-run}'[Only look.]' \
				--limit='[At most N.]'':N: ' \
				--color='[When to use colors.]'':C:(auto always never)' \
				'*'--fault='[What fails.]'':F=WHEN: ' \
				1':EMPLOYEES:_files -g "*.(#i)(csv|xlsx)(-.)"' \
				'(- *)'{-h,--help}'[Show context-sensitive help.]' && ret=0
			;;
		completion)
			_arguments -S \
				1':SHELL:(bash zsh fish powershell)' \
				'(- *)'{-h,--help}'[Show context-sensitive help.]' && ret=0
			;;
		*) # a file alone is checked, as run does it
			_arguments -S \
				'(-o --result)'{-o+,--result=}'[The result'\''s file.]'':FILE:_files -g "*.(#i)(csv)(-.)"' \
				--metrics='[Numbers \[of the run\]: $HOME.]'':FILE:_files' \
				'(-n --dry-run)'{-n,--dry-run}'[Only look.]' \
				--limit='[At most N.]'':N: ' \
				--color='[When to use colors.]'':C:(auto always never)' \
				--fault='[What fails.]'':F=WHEN: ' \
				&& ret=0
			;;
		esac
		;;
	esac
	return ret
}

if [[ $funcstack[1] == _etelecom-import ]]; then
	_etelecom-import "$@"
else
	compdef _etelecom-import etelecom-import
fi
