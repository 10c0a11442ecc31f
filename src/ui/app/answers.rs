//! Every answer goes to the part that asked.

use super::App;
use crate::ui::effect::Effect;
use crate::ui::msg::Msg;

impl App {
    pub(super) fn on_answer(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Programs { request, result } => self.on_programs(request, result),
            Msg::Details { request, result } => self.on_details(request, result),
            Msg::Found { request, places } => self.on_found(request, places),
            Msg::Courses { request, result } => self.on_courses_read(request, result),
            Msg::History { request, result, .. } => self.on_history(request, result),
            Msg::Compared { request, result } => self.on_compared(request, result),
            Msg::Preferences { request, result } => self.on_preferences(request, result),
            Msg::PreferencesSaved { request, result } => self.on_preferences_saved(request, result),
            Msg::Enrolled { request, result } => self.on_enrolled(request, result),
            Msg::Joined { request, result } => self.on_joined(request, result),
            Msg::Accepted { request, result } => self.on_accepted(request, result),
            Msg::LeftWaitlist { request, result } => self.on_left(request, result),
            Msg::Cancelled { request, enrollment, result } => self.on_cancelled(request, enrollment, result),
            Msg::Paying { request, enrollment, result } => self.on_paying(request, enrollment, result),
            Msg::CertificateOpened { url, opened } => self.on_certificate_opened(&url, opened),
            Msg::PageOpened { request, enrollment, opened } => {
                self.on_page_opened(request, enrollment, opened)
            }
            Msg::SwitchQuoted { request, result } => self.on_switch_quoted(request, result),
            Msg::Switched { request, enrollment, result } => self.on_switched(request, enrollment, result),
            Msg::Launched { request, enrollment, result } => self.on_launched(request, enrollment, result),
            Msg::Watched { request, enrollment, result } => self.on_watched(request, enrollment, result),
            Msg::SyncProgress { request, done, total } => {
                self.on_sync_progress(request, done, total);
                Vec::new()
            }
            Msg::Synced { request, result } => self.on_synced(request, result),
            Msg::Retried { request, enrollment, result } => self.on_retried(request, enrollment, result),
            Msg::DatesSaved { request, result } => self.on_dates_saved(request, result),
            Msg::LessonOpened { request, result, .. } => self.on_lesson_opened(request, result),
            Msg::PlaceKept { enrollment, lesson, result } => self.on_place_kept(enrollment, &lesson, result),
            Msg::Learned { request, result, .. } => self.on_learned(request, result),
            Msg::LessonLinkOpened { url, opened } => self.on_lesson_link_opened(&url, opened),
            Msg::CertificateSaved { request, result } => self.on_certificate_saved(request, result),
            Msg::Reviews { request, result } => self.on_reviews(request, result),
            Msg::OwnReview { request, result } => self.on_own_review(request, result),
            Msg::ReviewChanged { request, enrollment, result } => {
                self.on_review_changed(request, enrollment, result)
            }
            Msg::ProofSent { request, enrollment, result } => self.on_proof_sent(request, enrollment, result),
            Msg::Report { request, result } => self.on_report(request, result),
            Msg::Statement { request, result } => self.on_statement(request, result),
            Msg::ProfileSaved { request, result } => self.on_profile(request, result),
            Msg::Students { request, result } => self.on_students(request, result),
            Msg::ActingFor { request, result } => self.on_acting_for(request, result),
            Msg::Key(_)
            | Msg::Mouse(_)
            | Msg::Paste(_)
            | Msg::Resize { .. }
            | Msg::Tick
            | Msg::Background(_)
            | Msg::WorkDone
            | Msg::Notice(_) => Vec::new(),
        }
    }
}
