// Fixtures run beside each other, tests within one do not: each fixture owns its database, relay and ports.
// Three at a time on two cores, since most of a test is waiting for PostgreSQL or a socket.
[assembly: Parallelizable(ParallelScope.Fixtures)]
[assembly: LevelOfParallelism(3)]
