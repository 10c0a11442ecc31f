//! Reports, at an advisor's desk: three tables, and the statement of a partner.

use super::{App, Screen};
use crate::domain::failure::Failure;
use crate::domain::report::{By, Period, ReportKind, ReportQuery, ReportRows, Statement, Subject};
use crate::domain::text::Text;
use crate::domain::time::Instant;
use crate::ui::effect::{Effect, RequestId};
use crate::ui::msg::Who;

/// The periods a key goes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(in crate::ui) enum Span {
    /// This month.
    #[default]
    Month,
    /// The month before.
    LastMonth,
    /// This year.
    Year,
    /// Since ever.
    Ever,
}

impl Span {
    fn next(self) -> Self {
        match self {
            Self::Month => Self::LastMonth,
            Self::LastMonth => Self::Year,
            Self::Year => Self::Ever,
            Self::Ever => Self::Month,
        }
    }

    /// Its days.
    pub fn period(self, now: Instant) -> Period {
        match self {
            Self::Month => Period::month(now, 0),
            Self::LastMonth => Period::month(now, 1),
            Self::Year => Period::year(now),
            Self::Ever => Period::default(),
        }
    }
}

/// The state of tab 3.
#[derive(Clone, Debug, Default)]
pub(in crate::ui) struct Reports {
    /// Which table.
    pub kind: ReportKind,
    /// One row for each of these.
    pub by: By,
    /// Of when.
    pub span: Span,
    /// What was read last, for exactly this; `None` before the answer.
    pub rows: Option<ReportRows>,
    /// The request under way.
    pub request: Option<RequestId>,
    /// Why the last one failed.
    pub failure: Option<Failure>,
    /// The row in focus.
    pub selected: usize,
}

/// A partner's statement on screen.
#[derive(Clone, Debug)]
pub(in crate::ui) struct StatementScreen {
    /// Whose.
    pub partner: Text,
    /// Of when.
    pub span: Span,
    /// What was read; `None` before the answer.
    pub statement: Option<Statement>,
    /// The request under way.
    pub request: Option<RequestId>,
    /// Why the last one failed.
    pub failure: Option<Failure>,
    /// The first line on screen.
    pub scroll: usize,
}

impl App {
    /// Whether an advisor sits here: reports are for them alone.
    pub(in crate::ui) fn is_desk(&self) -> bool {
        matches!(self.who, Who::Advisor { .. })
    }

    /// Tab 3.
    pub(super) fn open_reports(&mut self) -> Vec<Effect> {
        self.hush();
        self.list.typing = false;
        self.stack = vec![Screen::Reports];
        self.read_report()
    }

    /// Reads the table on screen; what is there stays until the answer.
    fn read_report(&mut self) -> Vec<Effect> {
        let request = self.next_request();
        (self.reports.request, self.reports.failure) = (Some(request), None);
        let query = ReportQuery {
            by: self.reports.by,
            period: self.reports.span.period(self.now),
            ..ReportQuery::default()
        };
        vec![Effect::LoadReport { request, kind: self.reports.kind, query }]
    }

    /// Another table, period or kind of row: what is on screen is none of it.
    fn ask_anew(&mut self) -> Vec<Effect> {
        (self.reports.rows, self.reports.selected) = (None, 0);
        self.read_report()
    }

    /// The table beside.
    pub(super) fn other_report(&mut self, by: isize) -> Vec<Effect> {
        let all = ReportKind::ALL;
        let place = all.iter().position(|kind| *kind == self.reports.kind).unwrap_or(0);
        let step = if by < 0 { all.len() - 1 } else { 1 };
        self.reports.kind = all[(place + step) % all.len()];
        self.ask_anew()
    }

    /// This month, the one before, this year, all.
    pub(super) fn other_period(&mut self) -> Vec<Effect> {
        let next = self.reports.span.next();
        self.reports.span = next;
        if let Some(Screen::Statement(screen)) = self.stack.last_mut() {
            (screen.span, screen.statement, screen.scroll) = (next, None, 0);
            // The table under it is of another time now.
            (self.reports.rows, self.reports.selected) = (None, 0);
            let mut effects = self.read_statement();
            effects.extend(self.read_report());
            return effects;
        }
        self.ask_anew()
    }

    /// Partners, or programs.
    pub(super) fn other_rows(&mut self) -> Vec<Effect> {
        self.reports.by = match self.reports.by {
            By::Partner => By::Program,
            By::Program => By::Partner,
        };
        self.ask_anew()
    }

    pub(super) fn on_report(
        &mut self,
        request: RequestId,
        result: Result<ReportRows, Failure>,
    ) -> Vec<Effect> {
        if self.reports.request == Some(request) {
            self.reports.request = None;
            match result {
                Ok(rows) => {
                    self.reports.selected =
                        self.reports.selected.min(rows.subjects().len().saturating_sub(1));
                    self.reports.rows = Some(rows);
                }
                Err(failure) => self.reports.failure = Some(failure),
            }
        }
        Vec::new()
    }

    /// The partner in focus, where there is one.
    pub(in crate::ui) fn reported_partner(&self) -> Option<Text> {
        match self.reports.rows.as_ref()?.subjects().get(self.reports.selected)? {
            Subject::Partner(name) => name.clone(),
            Subject::Program(..) => None,
        }
    }

    /// The statement of the partner in focus.
    pub(super) fn open_statement(&mut self) -> Vec<Effect> {
        let Some(partner) = self.reported_partner() else {
            return Vec::new();
        };
        self.hush();
        let span = self.reports.span;
        let screen =
            StatementScreen { partner, span, statement: None, request: None, failure: None, scroll: 0 };
        self.stack.push(Screen::Statement(Box::new(screen)));
        self.read_statement()
    }

    fn read_statement(&mut self) -> Vec<Effect> {
        let (request, now) = (self.next_request(), self.now);
        let Some(Screen::Statement(screen)) = self.stack.last_mut() else {
            return Vec::new();
        };
        (screen.request, screen.failure) = (Some(request), None);
        let (partner, period) = (screen.partner.clone(), screen.span.period(now));
        vec![Effect::LoadStatement { request, partner, period }]
    }

    pub(super) fn on_statement(
        &mut self,
        request: RequestId,
        result: Result<Statement, Failure>,
    ) -> Vec<Effect> {
        if let Some(Screen::Statement(screen)) = self.stack.last_mut()
            && screen.request == Some(request)
        {
            screen.request = None;
            match result {
                Ok(statement) => screen.statement = Some(statement),
                Err(failure) => screen.failure = Some(failure),
            }
        }
        Vec::new()
    }

    /// `r`: what is on screen, once more.
    pub(super) fn refresh_report(&mut self) -> Option<Vec<Effect>> {
        match self.screen() {
            Screen::Reports => Some(self.read_report()),
            Screen::Statement(_) => Some(self.read_statement()),
            _ => None,
        }
    }

    /// Something of a report is read, and nothing is there yet.
    pub(super) fn is_reading_report(&self) -> bool {
        match self.screen() {
            Screen::Reports => self.reports.request.is_some() && self.reports.rows.is_none(),
            Screen::Statement(screen) => screen.request.is_some() && screen.statement.is_none(),
            _ => false,
        }
    }
}
