//! Small catalogues that several tests import.

/// One program at one partner whose students sign in by themselves.
pub const LINK_PARTNER: &str = r#"
[[partner]]
name = "NDS"
type = "nds"
api = { protocol = "link", login_url = "https://nds.example.org/login", instructions = "Sign up with your e-mail." }
support = { email = "help@nds.example.org" }

[[program]]
slug = "dental-safety"
title = "Dental Office Safety"
category = "Healthcare"
summary = "Keep a dental office safe."
[[program.course]]
partner = "NDS"
name = "Dental Safety"
code = "D-1"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#;

/// One program at one partner that is reached with a key: at this address, with the key of
/// this name.
pub fn keyed_partner(base_url: &str, secret: &str) -> String {
    format!(
        r#"
[[partner]]
name = "Certiport"
type = "certiport"
api = {{ protocol = "rest", profile = "certiport", base_url = "{base_url}", secret_env = "{secret}", organization = "x" }}
support = {{ email = "help@example.org" }}

[[program]]
slug = "cna-training"
title = "CNA Training"
category = "Healthcare"
summary = "Care for patients."
[[program.course]]
partner = "Certiport"
name = "CNA Training"
code = "CNA-101"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#
    )
}

/// Two programs at two partners: Certiport in the sandbox, Milady at this address.
pub fn two_partners(milady: &str) -> String {
    let parts = [
        partner("Certiport", "certiport", "sandbox"),
        partner("Milady", "milady", milady),
        program("cna-training", "CNA Training", &["Certiport"]),
        program("esthetics", "Esthetics", &["Milady"]),
    ];
    format!("demo = true\n{}", parts.concat())
}

/// This many programs by Certiport; Milady delivers the one in the middle, too.
pub fn long(count: usize) -> String {
    let mut source = String::from("demo = true\n");
    source += &partner("Certiport", "certiport", "sandbox");
    source += &partner("Milady", "milady", "sandbox");
    for n in 0..count {
        let partners = if n == count / 2 { &["Certiport", "Milady"][..] } else { &["Certiport"] };
        source += &program(&format!("course-{n}"), &format!("Course {n}"), partners);
    }
    source
}

fn partner(name: &str, profile: &str, base_url: &str) -> String {
    format!(
        r#"
[[partner]]
name = "{name}"
type = "{profile}"
api = {{ protocol = "rest", profile = "{profile}", base_url = "{base_url}", organization = "x" }}
"#
    )
}

fn program(slug: &str, title: &str, partners: &[&str]) -> String {
    let offers = partners.iter().map(|partner| {
        format!(
            r#"[[program.course]]
partner = "{partner}"
name = "{title}"
code = "C-1"
format = "online"
pacing = "self_paced"
price = "0.00"
currency = "USD"
"#
        )
    });
    format!(
        r#"
[[program]]
slug = "{slug}"
title = "{title}"
category = "Training"
summary = "Learn it."
{}"#,
        offers.collect::<String>()
    )
}
