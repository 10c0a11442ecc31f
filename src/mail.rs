//! Messages and their delivery.
