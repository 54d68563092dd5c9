"""The tender's addresses: the public notice, the bidder's own pages, and the buyer's file under `file/`."""

from django.urls import URLPattern, URLResolver, path

from procurement.views import award, bidding, debrief, evaluation, file, notices, opening, panel, papers, questions

app_name = "procurement"

PUBLIC = [
    path("", notices.Notices.as_view(), name="notices"),
    path("<pid:tender_id>/", notices.notice, name="notice"),
    path("<pid:tender_id>/papers/<pid:paper_id>/", notices.paper, name="paper"),
]

BIDDER = [
    path("<pid:tender_id>/ask/", bidding.ask, name="ask"),
    path("<pid:tender_id>/follow/", bidding.follow, name="follow"),
    path("<pid:tender_id>/my-bid/", bidding.my_bid, name="my_bid"),
    path("<pid:tender_id>/my-bid/documents/", bidding.documents, name="my_documents"),
    path("<pid:tender_id>/my-bid/documents/<pid:document_id>/", bidding.document, name="my_document"),
    path("<pid:tender_id>/my-bid/documents/<pid:document_id>/remove/", bidding.remove, name="my_document_remove"),
    path("<pid:tender_id>/my-bid/check/", bidding.check, name="check_bid"),
    path("<pid:tender_id>/my-bid/withdraw/", bidding.withdraw, name="withdraw_bid"),
    path("<pid:tender_id>/my-bid/receipts/<pid:bid_id>/", bidding.receipt, name="receipt"),
    path("<pid:tender_id>/letter/", bidding.my_letter, name="my_letter"),
    path("<pid:tender_id>/letter/pdf/", bidding.my_letter_pdf, name="my_letter_pdf"),
]

BUYER = [
    path("of/<pid:partnership_id>/", file.tender_of, name="tender_of"),
    path("of/<pid:partnership_id>/prepare/", file.prepare, name="prepare"),
    path("<pid:tender_id>/file/", file.tender, name="tender"),
    path("<pid:tender_id>/file/edit/", file.edit, name="edit"),
    path("<pid:tender_id>/file/criteria/", file.criteria, name="criteria"),
    path("<pid:tender_id>/file/publish/", file.publish_notice, name="publish"),
    path("<pid:tender_id>/file/extend/", file.extend, name="extend"),
    path("<pid:tender_id>/file/abandon/", file.abandon_tender, name="abandon"),
    path("<pid:tender_id>/file/history/", file.history, name="history"),
    path("<pid:tender_id>/file/papers/", papers.papers, name="papers"),
    path("<pid:tender_id>/file/papers/add/", papers.add, name="paper_add"),
    path("<pid:tender_id>/file/papers/<pid:paper_id>/", papers.decide, name="paper_decide"),
    path("<pid:tender_id>/file/questions/", questions.questions, name="questions"),
    path("<pid:tender_id>/file/questions/<pid:question_id>/", questions.answer, name="answer"),
    path("<pid:tender_id>/file/opening/", opening.opening, name="opening"),
    path("<pid:tender_id>/file/opening/open/", opening.open_now, name="open_bids"),
    path("<pid:tender_id>/file/panel/", panel.panel, name="panel"),
    path("<pid:tender_id>/file/panel/add/", panel.add, name="panel_add"),
    path("<pid:tender_id>/file/panel/<pid:member_id>/remove/", panel.remove, name="panel_remove"),
    path("<pid:tender_id>/file/agreed/", evaluation.agreed, name="agreed"),
    path("<pid:tender_id>/file/agreed/<pid:criterion_id>/", evaluation.agree, name="agree"),
    path("<pid:tender_id>/file/agreed/lock/", evaluation.lock, name="lock_quality"),
    path("<pid:tender_id>/file/results/", evaluation.results_page, name="results"),
    path("<pid:tender_id>/file/award/", award.award, name="award"),
    path("<pid:tender_id>/file/award/decide/", award.decide, name="award_decide"),
    path("<pid:tender_id>/file/award/sign/", award.sign, name="sign"),
    path("<pid:tender_id>/file/award/notice/", award.notice, name="award_notice"),
    path("<pid:tender_id>/file/award/challenge/", award.challenge, name="challenge"),
    path("<pid:tender_id>/file/award/challenge/<pid:challenge_id>/end/", award.end, name="challenge_end"),
    path("<pid:tender_id>/file/letters/<pid:letter_id>/", award.letter, name="letter"),
    path("<pid:tender_id>/file/letters/<pid:letter_id>/send/", award.send, name="letter_send"),
    path("<pid:tender_id>/file/letters/<pid:letter_id>/debrief/", debrief.asked, name="debrief_asked"),
    path("<pid:tender_id>/file/debriefs/<pid:debrief_id>/", debrief.answered, name="debrief_answered"),
    path("<pid:tender_id>/file/letters/<pid:letter_id>/pdf/", award.letter_pdf, name="letter_pdf"),
]

PANEL = [
    path("<pid:tender_id>/panel/", panel.scoring, name="scoring"),
    path("<pid:tender_id>/panel/declare/", panel.declare, name="declare"),
    path("<pid:tender_id>/panel/criteria/<pid:criterion_id>/", panel.score, name="score"),
    path("<pid:tender_id>/bids/<pid:bid_id>/documents/<pid:document_id>/", evaluation.document, name="bid_document"),
]

urlpatterns: list[URLPattern | URLResolver] = [*PUBLIC, *BIDDER, *BUYER, *PANEL]
