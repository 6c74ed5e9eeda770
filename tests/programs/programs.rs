//! Nothing: this package only names versions.
