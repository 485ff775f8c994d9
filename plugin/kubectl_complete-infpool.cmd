@rem Completes "kubectl infpool" in kubectl's own shell completion: lies on PATH under this name.
@kubectl-infpool __complete %* 2>nul || @echo :4
