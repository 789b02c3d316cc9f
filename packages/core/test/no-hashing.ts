// A program that cannot hash: it ends before it says that it is ready.
process.exitCode = 3
process.disconnect()
