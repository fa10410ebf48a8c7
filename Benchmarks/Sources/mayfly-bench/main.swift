switch CommandLine.arguments.dropFirst().first {
case "floor": Floor.run()
case "load": Load.run()
default: fail("usage: mayfly-bench floor|load …; scripts/bench calls it")
}
