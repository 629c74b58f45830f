# Completion of etelecom-import for fish. In ~/.config/fish/config.fish: etelecom-import completion fish | source

# Succeeds if the command is one of these; without any, if there is none yet. A file alone counts as run.
function __etelecom_import_command
    for word in (commandline -opc)[2..]
        string match -q -- '-*' $word; and continue
        contains -- $word run completion help; or set word run
        contains -- $word $argv
        return
    end
    test (count $argv) = 0
end

# Offers folders, and files with one of the endings.
function __etelecom_import_files
    set -l word (string replace -r -- '^--[a-z-]+=' '' (commandline -ct))
    set -l ending (string join '|' (string escape --style=regex -- $argv))
    complete -C "'' $word" | string match -ri -- "^.*/(?:\t.*)?\$|^.*(?:$ending)(?:\t.*)?\$"
end

complete -c etelecom-import -f
complete -c etelecom-import -n __etelecom_import_command -s h -l help -d 'Show context-sensitive help.'
complete -c etelecom-import -n __etelecom_import_command -s V -l version
complete -c etelecom-import -n __etelecom_import_command -a run -d 'Do it.'
complete -c etelecom-import -n __etelecom_import_command -a completion -d 'Print a script.'
complete -c etelecom-import -n '__etelecom_import_command; and test -n (commandline -ct)' -k -a '(__etelecom_import_files .csv .xlsx)'
complete -c etelecom-import -n '__etelecom_import_command help' -a 'run completion'
complete -c etelecom-import -n '__etelecom_import_command run' -s h -l help -d 'Show context-sensitive help.'
complete -c etelecom-import -n '__etelecom_import_command run' -s o -l result -d 'The result\'s file.' -x -a '(__etelecom_import_files .csv)'
complete -c etelecom-import -n '__etelecom_import_command run' -l metrics -d 'Numbers [of the run]: $HOME.' -r -F
complete -c etelecom-import -n '__etelecom_import_command run' -s n -l dry-run -d 'Only look.'
complete -c etelecom-import -n '__etelecom_import_command run' -l limit -d 'At most N.' -x
complete -c etelecom-import -n '__etelecom_import_command run' -l color -d 'When to use colors.' -x -a 'auto always never'
complete -c etelecom-import -n '__etelecom_import_command run' -l fault -d 'What fails.' -x
complete -c etelecom-import -n '__etelecom_import_command run' -k -a '(__etelecom_import_files .csv .xlsx)'
complete -c etelecom-import -n '__etelecom_import_command completion' -s h -l help -d 'Show context-sensitive help.'
complete -c etelecom-import -n '__etelecom_import_command completion' -a 'bash zsh fish powershell'

