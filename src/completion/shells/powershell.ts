/** For `kubectl-infpool` called directly; Windows PowerShell 5.1 and newer. */
export function powershellScript(): string {
  return `# PowerShell completion of kubectl-infpool

Register-ArgumentCompleter -Native -CommandName 'kubectl-infpool' -ScriptBlock {
    param($WordToComplete, $CommandAst, $CursorPosition)

    # What stands behind the cursor is not looked at.
    $before = @($CommandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $CursorPosition } | ForEach-Object { "$_" })
    $program = $before[0]
    $typed = "$WordToComplete"
    # Before 7.3 an empty argument was left out unless written with its quotes.
    $legacy = $PSVersionTable.PSVersion -lt [version]'7.3' -or "$PSNativeCommandArgumentPassing" -eq 'Legacy'
    $last = if ($typed -eq '' -and $legacy) { '""' } else { $typed }
    $words = @($before | Select-Object -Skip 1) + @($last)

    $out = @(& $program __complete @words 2>$null)
    if ($out.Count -eq 0) { return }
    $directive = [int]$out[-1].TrimStart(':')

    # Of --flag=value the value alone is answered, and PowerShell wants the whole word.
    $flag = if ($typed -match '^-[^=]*=') { $Matches[0] } else { '' }
    $found = @($out | Select-Object -SkipLast 1 | ForEach-Object {
        $value, $about = $_ -split "\`t", 2
        $word = "$flag$value"
        if ($word -match '[^\\w.,:=@%/+-]') { $word = "'" + $word.Replace("'", "''") + "'" }
        $tip = if ($about) { $about } else { $value }
        [System.Management.Automation.CompletionResult]::new($word, $value, 'ParameterValue', $tip)
    })
    if ($found.Count -gt 0) { return $found }
    # An empty word keeps PowerShell from completing files.
    if ($directive -band 4) { return '' }
}
`;
}
