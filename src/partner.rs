//! The only place that talks to partners' platforms.
