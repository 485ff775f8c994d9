/** For `kubectl-infpool` called directly; fish 3 and newer. */
export function fishScript(): string {
  return `# fish completion of kubectl-infpool

function __kubectl_infpool
    set -l words (commandline -opc)
    set -l typed (commandline -ct)
    set -l out ($words[1] __complete $words[2..-1] "$typed" 2>/dev/null)
    or return
    set -l directive (string sub --start 2 -- $out[-1])
    set -e out[-1]

    # Of --flag=value the value alone is answered, and fish wants the whole word.
    set -l flag (string match --regex -- '^-[^=]*=' "$typed")
    set -l value (string replace -- "$flag" '' "$typed")
    for candidate in $out
        echo "$flag$candidate"
    end
    test (count $out) -gt 0; and return
    if test (math "bitand($directive, 16)") -ne 0
        for folder in (__fish_complete_directories "$value" '')
            echo "$flag$folder"
        end
    else if test (math "bitand($directive, 4)") -eq 0
        for file in (__fish_complete_path "$value")
            echo "$flag$file"
        end
    end
end

complete --command kubectl-infpool --erase
complete --command kubectl-infpool --no-files --keep-order --arguments '(__kubectl_infpool)'
`;
}
