//! Partners played on this machine: real HTTP on loopback, for demos and tests.
