//! The courses that come with the program.

use super::SourceFile;
use uuid::Uuid;

/// A course that comes with the program.
#[derive(Clone, Copy, Debug)]
pub struct BuiltIn {
    /// The name of its folder.
    pub slug: &'static str,
    /// Names and texts of its files.
    pub files: &'static [(&'static str, &'static str)],
}

macro_rules! built_in {
    ($($slug:literal: $($file:literal)*;)*) => {
        /// All of them. A test compares this list with `assets/courses`.
        pub const BUILT_IN: &[BuiltIn] = &[$(BuiltIn {
            slug: $slug,
            files: &[$(($file, include_str!(concat!("../../../assets/courses/", $slug, "/", $file)))),*],
        }),*];
    };
}

built_in! {
    "digital-literacy":
        "course.toml" "01-computer.md" "02-files.md" "03-web.md" "04-messages.md" "05-safety.md" "06-documents.md";
    "job-readiness":
        "course.toml" "01-strengths.md" "02-openings.md" "03-resume.md" "04-application.md" "05-interview.md"
        "06-offer-and-pay.md" "07-first-weeks.md";
}

impl BuiltIn {
    /// Its files, as [`parse`](super::parse) takes them.
    pub fn sources(&self) -> Vec<SourceFile> {
        self.files.iter().map(|(name, text)| SourceFile::new(name, text.as_bytes())).collect()
    }
}

/// What tells these courses from those of another version of the program, without reading a line of them.
pub fn edition() -> Uuid {
    let mut all = Uuid::nil();
    for BuiltIn { slug, files } in BUILT_IN {
        for (name, text) in *files {
            all = Uuid::new_v5(&Uuid::new_v5(&all, format!("{slug}/{name}").as_bytes()), text.as_bytes());
        }
    }
    all
}
