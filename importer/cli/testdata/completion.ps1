# Completion of etelecom-import for PowerShell. In $PROFILE: etelecom-import completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName 'etelecom-import', 'etelecom-import.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # For each command: flags with their help, and which values flags and arguments have: words, or endings of files.
    $commands = [ordered]@{
        'run' = 'Do it.'
        'completion' = 'Print a script.'
    }
    $flags = @{
        'run' = [ordered]@{
            '--result' = 'The result''s file.'
            '--metrics' = 'Numbers [of the run]: $HOME.'
            '--dry-run' = 'Only look.'
            '--limit' = 'At most N.'
            '--color' = 'When to use colors.'
            '--fault' = 'What fails.'
            '--help' = 'Show context-sensitive help.'
        }
        'completion' = [ordered]@{
            '--help' = 'Show context-sensitive help.'
        }
    }
    $values = @{
        'run:--result' = @{ Words = @(); Endings = @('.csv') }
        'run:-o' = @{ Words = @(); Endings = @('.csv') }
        'run:--metrics' = @{ Words = @(); Endings = @() }
        'run:--limit' = @{ Words = @(); Endings = @() }
        'run:--color' = @{ Words = @('auto', 'always', 'never'); Endings = @() }
        'run:--fault' = @{ Words = @(); Endings = @() }
        'run:0' = @{ Words = @(); Endings = @('.csv', '.xlsx') }
        'completion:0' = @{ Words = @('bash', 'zsh', 'fish', 'powershell'); Endings = @() }
    }

    function Offer($text, $help) {
        [System.Management.Automation.CompletionResult]::new($text, $text, 'ParameterValue', $(if ($help) { $help } else { $text }))
    }
    function OfferFiles($begin, $endings, $before) {
        $begin = $begin -replace "[`"']", ''
        Get-ChildItem -Path "$([WildcardPattern]::Escape($begin))*" -ErrorAction SilentlyContinue |
            Where-Object { $_.PSIsContainer -or $endings -contains $_.Extension } | ForEach-Object {
                $path = ($begin -replace '[^\\/]*$', '') + $_.Name
                $text = if ($path -match '[^\w.:\\/-]') { "'" + $path.Replace("'", "''") + "'" } else { $path }
                [System.Management.Automation.CompletionResult]::new($before + $text, $_.Name, 'ProviderItem', $path)
            }
    }
    function OfferValues($key, $begin, $before) {
        $value = $values[$key]
        if ($value.Words) { $value.Words | Where-Object { $_ -like "$begin*" } | ForEach-Object { Offer ($before + $_) } }
        elseif ($value.Endings) { OfferFiles $begin $value.Endings $before }
        # for any file, PowerShell itself offers the files
    }

    $command = $null; $flag = $null; $arguments = 0; $skip = $false
    foreach ($element in $commandAst.CommandElements | Select-Object -Skip 1) {
        if ($element.Extent.EndOffset -ge $cursorPosition -and $wordToComplete) { break }
        $word = $element.Extent.Text
        if ($skip) { $skip = $false; $flag = $null }
        elseif ($word -like '-*' -and $word -ne '-') {
            if ($values.ContainsKey("${command}:$word")) { $flag = $word; $skip = $true }
        }
        elseif ($command) { $arguments++ }
        elseif ($commands.Contains($word) -or $word -eq 'help') { $command = $word }
        else { $command = 'run'; $arguments = 1 } # a file alone is checked, as run does it
    }
    if ($flag) { OfferValues "${command}:$flag" $wordToComplete '' }
    elseif ($wordToComplete -match '^(--[a-z-]+)=(.*)$') { OfferValues "${command}:$($Matches[1])" $Matches[2] "$($Matches[1])=" }
    elseif (-not $command -or $command -eq 'help') {
        if ($wordToComplete -like '-*') { '--help', '--version' | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { Offer $_ } }
        else {
            $commands.Keys | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { Offer $_ $commands[$_] }
            if ($wordToComplete -and -not $command) { OfferValues 'run:0' $wordToComplete '' }
        }
    }
    elseif ($wordToComplete -like '-*') {
        $flags[$command].Keys | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object { Offer $_ $flags[$command][$_] }
    }
    else { OfferValues "${command}:$arguments" $wordToComplete '' }
}
