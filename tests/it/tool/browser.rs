//! A student's browser, and the command that waits for it.

use super::world;
use crate::support::cli::Home;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, ChildStdout, Command, Stdio};

const MAYA: [&str; 2] = ["--student", "maya@example.org"];

/// `coursevia launch` that waits for the partner, and serves the endpoint meanwhile.
pub struct Waiting {
    child: Child,
    out: BufReader<ChildStdout>,
    link: String,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Waiting {
    pub fn start(home: &Home, course: &str) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_coursevia"))
            .args([&["launch", course, "--print-url"][..], &MAYA].concat())
            .env_clear()
            .envs(home.environment())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .expect("coursevia runs");
        let mut out = BufReader::new(child.stdout.take().expect("its output"));
        let mut link = String::new();
        out.read_line(&mut link).expect("a line");
        Self { child, out, link: link.trim().to_owned() }
    }

    /// The one-time address it printed.
    pub fn link(&self) -> &str {
        &self.link
    }

    /// It must end by itself, and well.
    pub fn ends(mut self) {
        let mut rest = String::new();
        self.out.read_to_string(&mut rest).expect("its output");
        assert_eq!((self.child.wait().expect("its end").code(), rest.as_str()), (Some(0), ""));
    }
}

/// A browser: it keeps cookies, follows addresses and sends forms.
pub struct Browser {
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

/// A form that sends itself.
pub struct Form {
    pub action: String,
    pub fields: BTreeMap<String, String>,
}

impl Browser {
    pub fn new() -> Self {
        Self { http: world::browser(), cookies: BTreeMap::new() }
    }

    pub async fn go(&mut self, address: &str) -> reqwest::Response {
        self.send(self.http.get(address)).await
    }

    async fn send(&mut self, request: reqwest::RequestBuilder) -> reqwest::Response {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let answer = request.header("cookie", cookies.join("; ")).send().await.expect("an answer");
        for cookie in answer.headers().get_all("set-cookie") {
            let pair = cookie.to_str().expect("a cookie").split(';').next().expect("its pair");
            let (name, value) = pair.split_once('=').expect("a name and a value");
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// From our one-time address to the question the tool asks us.
    pub async fn question(&mut self, link: &str) -> url::Url {
        let to_tool = self.go(link).await;
        let to_us = self.go(world::location(&to_tool)).await;
        world::location(&to_us).parse().expect("an address")
    }

    /// The tool's question, and our answer to it.
    pub async fn form(&mut self, question: &url::Url) -> Form {
        let page = self.go(question.as_str()).await;
        assert_eq!(page.status(), 200);
        Form::read(&page.text().await.expect("a page"))
    }

    /// Our answer reaches the tool.
    pub async fn send_form(&mut self, form: &Form) -> reqwest::Response {
        self.send(self.http.post(&form.action).form(&form.fields)).await
    }

    /// Our answer reaches the tool: what the library says.
    pub async fn submit(&mut self, form: &Form) -> (u16, Value) {
        let sent = self.send_form(form).await;
        (sent.status().as_u16(), sent.json().await.expect("JSON"))
    }
}

impl Form {
    fn read(html: &str) -> Self {
        let value = |tag: &str, name: &str| {
            let rest = tag.split(&format!("{name}=\"")).nth(1).expect(name);
            let raw = rest.split('"').next().expect("its end");
            let plain = [
                ("&quot;", "\""),
                ("&#39;", "'"),
                ("&#x27;", "'"),
                ("&lt;", "<"),
                ("&gt;", ">"),
                ("&amp;", "&"),
            ];
            plain.iter().fold(raw.to_owned(), |text, (from, to)| text.replace(from, to))
        };
        let form = html.split("<form").nth(1).unwrap_or_else(|| panic!("no form in {html}"));
        let inputs = form.split("<input").skip(1);
        Self {
            action: value(form, "action"),
            fields: inputs.map(|input| (value(input, "name"), value(input, "value"))).collect(),
        }
    }
}
