// The program that containerd starts. See specs/shim-lifecycle.md.

import TaskService

ShimProgram.main()
