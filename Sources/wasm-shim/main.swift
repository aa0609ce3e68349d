internal import ContainerProcess
internal import WasmShimCommands

Sweeper.runIfChosen(arguments: CommandLine.arguments)
CommandLineMain.run(CommandLine.arguments)
