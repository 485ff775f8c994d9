/** For `kubectl-infpool` called directly; from a folder of fpath, or read with source after compinit. */
export function zshScript(): string {
  return `#compdef kubectl-infpool
# zsh completion of kubectl-infpool

_kubectl-infpool() {
    local out directive line value
    local -a typed lines found order space
    # What stands behind the cursor is not looked at.
    typed=("\${(@Q)words[1,CURRENT-1]}" "\${(Q)PREFIX}")
    out=$("\${typed[1]/#\\~/$HOME}" __complete "\${(@)typed[2,-1]}" 2>/dev/null) || return 1
    lines=("\${(@f)out}")
    directive=\${lines[-1]#:}
    lines[-1]=()

    # Of --flag=value the value alone is completed.
    [[ \${typed[-1]} == -*=* ]] && compset -P 1 '*='
    for line in "\${lines[@]}"; do
        # _describe takes what is behind a colon for the description.
        value=\${\${line%%$'\\t'*}//:/\\\\:}
        [[ $line == *$'\\t'* ]] && value+=:\${line#*$'\\t'}
        found+=("$value")
    done
    (( directive & 32 )) && order=(-V)
    (( directive & 2 )) && space=(-S '')
    if (( $#found )); then
        _describe $order 'completions' found $space
    elif (( directive & 16 )); then
        _files -/
    elif (( ! (directive & 4) )); then
        _files
    fi
}

# Both from a folder of fpath and read with source.
if [[ $funcstack[1] == _kubectl-infpool ]]; then
    _kubectl-infpool "$@"
else
    compdef _kubectl-infpool kubectl-infpool
fi
`;
}
