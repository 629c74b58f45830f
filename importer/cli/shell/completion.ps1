# Completion of {{.Program}} for PowerShell. In $PROFILE: {{.Program}} completion powershell | Out-String | Invoke-Expression

Register-ArgumentCompleter -Native -CommandName '{{.Program}}', '{{.Program}}.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    # For each command: flags with their help, and which values flags and arguments have: words, or endings of files.
    $commands = [ordered]@{
{{- range .Commands}}
        '{{.Name}}' = {{power .Help}}
{{- end}}
    }
    $flags = @{
{{- range .Commands}}
        '{{.Name}}' = [ordered]@{
{{- range .Flags}}
            '--{{.Long}}' = {{power .Help}}
{{- end}}
            '--help' = {{power $.Help}}
        }
{{- end}}
    }
    $values = @{
{{- range $c := .Commands}}{{range .Flags}}{{if .Takes}}
        '{{$c.Name}}:--{{.Long}}' = {{template "values" .Value}}
{{- if .Short}}
        '{{$c.Name}}:-{{.Short}}' = {{template "values" .Value}}
{{- end}}{{end}}{{end}}{{range $i, $v := .Arguments}}
        '{{$c.Name}}:{{$i}}' = {{template "values" $v}}
{{- end}}{{end}}
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
{{- define "values"}}@{ Words = @({{range $i, $w := .Words}}{{if $i}}, {{end}}'{{$w}}'{{end}}); Endings = @({{range $i, $e := .Endings}}{{if $i}}, {{end}}'{{$e}}'{{end}}) }{{end}}
