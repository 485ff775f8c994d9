/** For `kubectl-infpool` called directly; bash 3.2 and newer, with and without the package bash-completion. */
export function bashScript(): string {
  return `# bash completion of kubectl-infpool

__kubectl_infpool() {
    local line words=() word cur out directive candidate gap kept='' char longest=0 i tab=$'\\t'
    COMPREPLY=()

    # bash breaks words at = and : too, which are parts of ours: what no blank separates is put together again. What
    # stands behind the cursor is not looked at.
    line=\${COMP_LINE:0:COMP_POINT}
    for ((i = 0; i <= COMP_CWORD; i++)); do
        gap=\${line%%[![:blank:]]*}
        line=\${line#"$gap"}
        word=\${COMP_WORDS[i]}
        ((i == COMP_CWORD)) && word=$line
        line=\${line#"$word"}
        if ((i > 0)) && [[ -z $gap ]]; then
            words[\${#words[@]} - 1]+=$word
        else
            words+=("$word")
        fi
    done
    cur=\${words[\${#words[@]} - 1]}

    out=$("\${words[0]/#\\~/$HOME}" __complete "\${words[@]:1}" 2>/dev/null) || return
    directive=\${out##*:}
    out=\${out%:*}
    if [[ $(type -t compopt) == builtin ]]; then
        ((directive & 2)) && compopt -o nospace
        ((directive & 32)) && compopt -o nosort 2>/dev/null
        ((directive & 4)) && compopt +o default
        ((directive & 16)) && compopt -o filenames
    fi

    # Of --flag=value the value alone is completed.
    [[ $cur == -*=* ]] && cur=\${cur#*=}
    if ((directive & 16)); then
        while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -d -- "$cur")
        return
    fi
    while IFS= read -r candidate; do
        word=\${candidate%%"$tab"*}
        [[ -n $word && $word == "$cur"* ]] || continue
        COMPREPLY+=("$candidate")
        ((\${#word} > longest)) && longest=\${#word}
    done <<<"$out"

    # What bash takes for words of their own, up to the last = or :, stays as it is.
    for char in = :; do
        [[ $COMP_WORDBREAKS == *"$char"* && $cur == *"$char"* ]] || continue
        word=\${cur%"\${cur##*"$char"}"}
        ((\${#word} > \${#kept})) && kept=$word
    done

    for ((i = 0; i < \${#COMPREPLY[@]}; i++)); do
        candidate=\${COMPREPLY[i]}
        word=\${candidate%%"$tab"*}
        if ((\${#COMPREPLY[@]} > 1 && COMP_TYPE != 37 && COMP_TYPE != 42)); then
            # A list, which is looked at and not inserted: with the descriptions.
            if [[ $candidate == *"$tab"* ]]; then
                printf -v word '%-*s  (%s)' "$longest" "$word" "\${candidate#*"$tab"}"
                word=\${word:0:\${COLUMNS:-80}}
            fi
        elif [[ $word == *[!A-Za-z0-9_.,:=@%/+-]* ]]; then
            printf -v word '%q' "$word"
        fi
        COMPREPLY[i]=\${word#"$kept"}
    done
}

complete -o default -F __kubectl_infpool kubectl-infpool
`;
}
