//! The pages: plain HTML that works without scripts. Every value goes through [`escaped`].

pub(super) mod payment;

use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::sandbox::state::{LESSONS, ticked};
use std::fmt::Write;

const STYLE: &str = "
:root{color-scheme:light dark;--ink:#1d2733;--soft:#5d6b7a;--paper:#fff;--ground:#f2f5f8;--line:#d7dee6;--accent:#00708c}
@media(prefers-color-scheme:dark){:root{--ink:#e6edf3;--soft:#9aa8b5;--paper:#17202a;--ground:#0f161d;--line:#2c3844;--accent:#4fc3dc}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--ink);font:17px/1.55 system-ui,sans-serif}
main{max-width:42rem;margin:0 auto;padding:2.5rem 1.25rem}header p{margin:0;color:var(--soft)}h1{margin:.1em 0 .6em;font-size:1.9rem;line-height:1.2}
.card{background:var(--paper);border:1px solid var(--line);border-radius:12px;padding:1.25rem}
.card>p:first-child{margin-top:0}.card>p:last-child{margin-bottom:0}
progress{width:100%;height:.9rem;accent-color:var(--accent)}.how{display:flex;justify-content:space-between;color:var(--soft)}
ol{list-style:none;margin:1.25rem 0;padding:0;background:var(--paper);border:1px solid var(--line);border-radius:12px;overflow:hidden}
li+li{border-top:1px solid var(--line)}form{margin:0}
li button,li .row{display:flex;gap:.8rem;width:100%;padding:.8rem 1.1rem;border:0;background:none;color:inherit;font:inherit;text-align:left}
li button{cursor:pointer}li button:hover,li button:focus-visible{background:var(--ground);outline-offset:-3px}
.box{color:var(--accent);font-size:1.15em;line-height:1.35}.done{color:var(--soft)}
a{color:var(--accent)}footer{margin-top:1.5rem;color:var(--soft);font-size:.9rem}
.amount{font-size:2rem;margin:.2em 0}label{display:block}input{display:block;width:100%;margin-top:.3rem;padding:.6rem .8rem;border:1px solid var(--line);border-radius:9px;background:var(--ground);color:inherit;font:inherit}.note{border-left:4px solid #b7791f;padding-left:.8rem}
.ways{display:flex;flex-wrap:wrap;gap:.7rem;margin-top:1.25rem}.ways button{padding:.7rem 1.2rem;border:1px solid var(--line);border-radius:9px;background:var(--paper);color:inherit;font:inherit;cursor:pointer}
.ways button.first{background:var(--accent);border-color:var(--accent);color:var(--paper)}
.paper{text-align:center;padding:3rem 1.5rem;border:3px double var(--accent)}.paper strong{display:block;font-size:1.5rem;margin:.3em 0}
";

const TITLES: [&str; LESSONS as usize] = [
    "Welcome, and what you will need",
    "The words of the trade",
    "Safety comes first",
    "Tools and materials",
    "The first steps, guided",
    "Working with people",
    "Common mistakes, and how to mend them",
    "Practice: a full run",
    "Review of what you have learned",
    "Final check",
];

/// What the course page shows.
pub(super) struct CoursePage<'a> {
    pub partner: &'a Text,
    pub course: &'a str,
    pub student: Option<&'a str>,
    pub percent: i64,
    pub lessons: i64,
    /// The certificate's number, once the course is completed.
    pub certificate: Option<&'a str>,
    pub action: &'a str,
    pub return_to: Option<&'a str>,
}

/// A page that says one thing.
pub(super) fn notice(title: &str, words: &str) -> String {
    let (title, words) = (escaped(title), escaped(words));
    frame(&title, &format!("<div class=\"card\"><h1>{title}</h1><p>{words}</p></div>"))
}

/// Where students sign in by themselves. `wrong` says what was wrong before.
pub(super) fn sign_in(partner: &Text, wrong: Option<&str>) -> String {
    let partner = escaped(partner.as_str());
    let mut html = format!("<header><p>{partner}</p><h1>Sign in</h1></header><div class=\"card\">");
    if let Some(wrong) = wrong {
        let _ = write!(html, "<p class=\"note\">{}</p>", escaped(wrong));
    }
    html.push_str(
        "<p>Use the e-mail address you enrolled with. This is practice: no password is asked for.</p>\
         <form method=\"post\"><label>E-mail address <input type=\"email\" name=\"email\" autocomplete=\"email\" \
         required autofocus></label><div class=\"ways\"><button class=\"first\">Sign in</button></div></form></div>",
    );
    frame(&format!("Sign in · {partner}"), &html)
}

/// The course with its lessons.
pub(super) fn course(page: &CoursePage<'_>) -> String {
    let CoursePage { percent, lessons, .. } = *page;
    let (partner, course, action) =
        (escaped(page.partner.as_str()), escaped(page.course), escaped(page.action));
    let mut html = format!("<header><p>{partner}</p><h1>Course {course}</h1></header><div class=\"card\">");
    if let Some(student) = page.student {
        let _ = write!(html, "<p>Signed in as {}</p>", escaped(student));
    }
    let _ = write!(
        html,
        "<progress max=\"100\" value=\"{percent}\">{percent}%</progress>\
         <div class=\"how\"><span>{percent}% complete</span><span>{} of {LESSONS} lessons</span></div>",
        ticked(lessons)
    );
    if let Some(number) = page.certificate {
        let number = escaped(number);
        let _ = write!(
            html,
            "<p><strong>You have completed this course.</strong> <a href=\"/certificate/{number}\">See your certificate</a></p>"
        );
    }
    html.push_str("</div><ol>");
    for (place, title) in (1_u32..).zip(TITLES) {
        let done = lessons >> (place - 1) & 1 == 1;
        let (mark, class) = if done { ("&#9745;", "done") } else { ("&#9744;", "open") };
        let label = format!(
            "<span class=\"box\" aria-hidden=\"true\">{mark}</span><span class=\"{class}\">{place}. {title}</span>"
        );
        if page.certificate.is_some() {
            let _ = write!(html, "<li><div class=\"row\">{label}</div></li>");
        } else {
            let next = u8::from(!done);
            let _ = write!(
                html,
                "<li><form method=\"post\" action=\"{action}\"><input type=\"hidden\" name=\"lesson\" value=\"{place}\">\
                 <input type=\"hidden\" name=\"done\" value=\"{next}\">\
                 <button role=\"checkbox\" aria-checked=\"{done}\">{label}</button></form></li>"
            );
        }
    }
    html.push_str("</ol>");
    if let Some(address) = page.return_to {
        let _ = write!(html, "<p><a href=\"{}\">Return to where you came from</a></p>", escaped(address));
    }
    frame(&format!("{course} · {partner}"), &html)
}

/// The certificate.
pub(super) fn certificate(
    partner: &Text,
    course: &str,
    student: Option<&str>,
    number: &str,
    at: Instant,
) -> String {
    let html = format!(
        "<div class=\"card paper\"><p>{}</p><h1>Certificate of completion</h1><p>This is to say that</p>\
         <strong>{}</strong><p>has completed</p><strong>Course {}</strong><p>{}</p><p>No. {}</p></div>",
        escaped(partner.as_str()),
        escaped(student.unwrap_or("the student")),
        escaped(course),
        at.format("%-d %B %Y"),
        escaped(number)
    );
    frame("Certificate", &html)
}

/// The page around escaped content.
fn frame(title: &str, content: &str) -> String {
    framed(title, content, "A practice course on this machine, played by the coursevia sandbox.")
}

fn framed(title: &str, content: &str, footer: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><main>{content}\
         <footer>{footer}</footer></main></body></html>\n"
    )
}

/// `raw` as text or attribute value of HTML.
fn escaped(raw: &str) -> String {
    let mut safe = String::with_capacity(raw.len());
    for c in raw.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outside_text_stays_text() {
        let html = course(&CoursePage {
            partner: &"<b>P</b>".into(),
            course: "\"><script>alert(1)</script>",
            student: Some("O'Brien & <i>"),
            percent: 30,
            lessons: 0b111,
            certificate: None,
            action: "/learn/x",
            return_to: Some("https://example.org/?a=1&b=\"2\""),
        });
        assert!(!html.contains("<script>") && !html.contains("<b>P") && !html.contains("<i>"), "{html}");
        assert!(html.contains("O&#39;Brien &amp; &lt;i&gt;"));
        assert_eq!(html.matches("aria-checked=\"true\"").count(), 3);
        assert_eq!(html.matches("role=\"checkbox\"").count(), 10);
    }
}
