// Loaded into every script that the keeper runs: it ends when the keeper does, even by SIGKILL.
process.on('disconnect', () => process.exit());
// Listening must not keep a script alive that has nothing left to do.
process.channel?.unref();
