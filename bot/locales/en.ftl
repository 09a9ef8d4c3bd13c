# Everything that a person reads, in one place. Fluent: https://projectfluent.org

## Welcome

welcome-stranger =
    I write marketing copy, emails, audits and plans for your clients, in their voice.
    To be let in you need an invite link from whoever runs this bot, or your API key: /link <key>
welcome-new =
    Welcome, { $name }! I write marketing copy, emails, audits and plans for your clients, in their voice.
    An example client, { $client }, is on file, so that you can try me at once.
welcome-back = Good to see you, { $name }. What shall we write?
button-try = Try an example
button-clients = My clients
button-skills = Skills
example-request = Write homepage copy for { $client }

help =
    Tell me in a line what you need and for whom. For example:

    • Write homepage copy for Yaz Automate
    • A 5-email welcome sequence for trial users
    • Which competitors should we worry about?

    I find the right skill, read the client's profile, and edit my message into the finished piece. Then rate it with one tap: that is how I learn.
    Send a file (text, Markdown, PDF, Word) with a caption, and I work from it; without one, I offer to keep it for a client.

    /skills: everything I can do
    /workflows: whole campaigns, step by step with your yes
    /clients: whom I write for
    /newclient: a new client, in six questions
    /status: what is under way, with Stop
    /history: what I have written
    /download <code>: a piece as a file
    /feedback <code>: judge a piece in full
    /settings: notices, API keys
    /usage: what this month has cost
    /privacy: what is stored
    /deletedata: delete everything that is yours
privacy =
    What I keep: your name and Telegram id, your clients' profiles, what you ask for, the text of files you send, what I write, and your ratings. It is yours alone; no other user and no other client's piece ever sees it. The text of your messages is deleted from the inbox once handled; requests and pieces stay until you delete them.

    Pieces are written by Claude, a model of Anthropic, which receives your request and the files of the one client it is for.

    /unlink severs this chat from your account, and deletes nothing; an API key of yours brings you back, and I give you one if you have none. /deletedata deletes your account and everything in it: clients, requests, pieces, ratings, keys. It says first how much that is.

linked = Linked. Welcome, { $name }!
link-key-deleted = I deleted your message, since it showed your key. Nobody else can use it from here.
link-key-visible = I could not delete your message, which shows your key, so I revoked that key. Make a new one for everything else that used it.
link-left = This chat has left the account of { $name }, which stays as it is.
link-usage = Send /link and your API key: /link mk_live_…
unlinked = This chat is no longer linked to your account. Nothing was deleted; /link and one of its API keys bring you back.

## Questions

choose-skill = Which of these do you mean?
choose-client =
    { $count ->
        [0] You have no client on file yet. Six questions make one, or I write without, from what your message says.
       *[other] For which client?
    }
button-none-of-these = None of these
button-without-client = Without a client
skill-ask = { $title }: { $purpose }. What do you need? Tell me in a line or two. /cancel leaves.
chosen = { $text }

## A new client

interview-step = Question { $number } of { $total }
interview-ask-name = What is the client called?
interview-ask-offer = What does { $name } sell, and to whom? A few sentences are plenty.
interview-ask-voice = Which three words describe how { $name } sounds? For example: calm, concrete, dry.
interview-ask-difference = What sets { $name } apart from the others that a customer could choose?
interview-ask-proof = What proof can { $name } show? Figures, customers, quotes, awards: only what may be printed.
interview-ask-never = Which words should I never use for { $name }? Part them by commas.
interview-so-far = So far: { $answer }
interview-resume = You began a profile for { $name } and are at question { $number } of { $total }. Shall we go on?
interview-cancelled =
    { $answered ->
        [0] Left. /newclient begins again.
       *[other] Left. What you answered is kept for a week: /newclient goes on from there.
    }
client-made = ✓ { $name } is on file, and this chat works for { $name } now.
client-made-first = What shall I write first? Tell me in a line, or begin with this:
client-made-goes-on = Now for your request:
button-new-client = New client
button-keep-answer = Keep it
button-cancel = Cancel
button-go-on = Go on
button-begin-anew = Begin anew
button-first-request = Write homepage copy

## Settings

button-language =
    { $code ->
        [en] English
       *[other] { $code }
    }
settings =
    Settings

    Notify when done: a short message when a piece that took its time is ready. An edit makes no sound.
    Confirm the client: where you name nobody, I ask for whom, in place of taking the likeliest.
    API keys: for programs that write through your account.
state-on = on
state-off = off
saved = Saved.
button-switch-notify = Notify when done: { $state }
button-switch-confirm-client = Confirm the client: { $state }
button-api-keys = API keys
keys =
    { $count ->
        [0] You have no API key that works. A program needs one to write through your account.
       *[other] Your API keys that work, newest first. Tap one to replace or revoke it.
    }
key-name = made in Telegram
key-card = { $prefix }…: { $name }
    May: { $scopes }
    Made on { $made }
key-used = used { $day }
key-never-used = never used
key-until = Works until { $day }
key-rotate-how =
    { $hours ->
        [one] Replace makes a new key; this one works on for an hour.
       *[other] Replace makes a new key; this one works on for { $hours } hours.
    }
key-revoke-ask = Revoke { $prefix }…? Whatever uses it stops working at once.
key-revoked = Revoked. It works no more.
key-shown =
    Your new API key. It is shown this once, so keep it somewhere safe:

    { $key }
key-way-back =
    Nothing else leads to the account that this chat has left, so here is a new API key of it. It is shown this once. Keep it: /link and this key bring the account back, with everything in it.

    { $key }
key-replaced = { $prefix }… works on until { $day }.
key-was-here = A key was here. Telegram does not let me delete this message any more; please do.
button-new-key = New key
button-rotate-key = Replace
button-revoke-key = Revoke
button-revoke-yes = Yes, revoke it
button-have-key = I have it

## Deleting an account

deletion-ask = This deletes your account for good, with everything in it:
deletion-count-clients =
    { $count ->
        [one] One client
       *[other] { $count } clients
    }
deletion-count-files =
    { $count ->
        [one] One file of their profiles
       *[other] { $count } files of their profiles
    }
deletion-count-pieces =
    { $count ->
        [one] One piece that I wrote, in every format
       *[other] { $count } pieces that I wrote, in every format
    }
deletion-count-requests =
    { $count ->
        [one] One request
       *[other] { $count } requests
    }
deletion-count-campaigns =
    { $count ->
        [one] One workflow
       *[other] { $count } workflows
    }
deletion-count-ratings =
    { $count ->
        [one] One rating
       *[other] { $count } ratings
    }
deletion-count-uploads =
    { $count ->
        [one] One file that you sent
       *[other] { $count } files that you sent
    }
deletion-count-keys =
    { $count ->
        [one] One API key; what uses it stops working
       *[other] { $count } API keys; what uses them stops working
    }
deletion-count-chats =
    { $count ->
        [one] What one chat or group works for
       *[other] What { $count } chats and groups work for
    }
deletion-under-way =
    { $count ->
        [one] One piece is under way; it is stopped first.
       *[other] { $count } pieces are under way; they are stopped first.
    }
deletion-how =
    Also the link to this chat, what was learned for your clients, and your ratings of others' pieces. Nobody can bring any of it back. What stays are counts without a name.

    To go on, type { $word } in capital letters. Anything else leaves all as it is.
deletion-word = DELETE
deletion-left = Nothing was deleted. /deletedata begins again.
deletion-begun = Your account is closed, and everything in it is being deleted. I tell you here when that is done.
account-deleted = Done: your account and everything in it is deleted. Thank you for having been here.

## Off topic

off-topic-thanks = You are welcome. Send the next request whenever you like.
off-topic-greeting = Hello! Tell me what to write and for whom, for example: Write homepage copy for Yaz Automate
off-topic-about-bot = I do marketing work for your clients: copy, emails, audits, research, plans. /skills shows all of it, /help how to ask.
off-topic-other = That is outside what I do. I write marketing pieces for your clients: /skills shows which.

## A run on its way

working = Working on your { $label } for { $client }… This may take 1-2 minutes.
working-no-client = Working on your { $label }… This may take 1-2 minutes.
working-guessed = You named no client, so I took { $client }.
phase-queued =
    { $ahead ->
        [0] Next in line
        [one] One piece is ahead of yours
       *[other] { $ahead } pieces are ahead of yours
    }
phase-full = Everyone is busy just now. Yours starts as soon as a place is free.
phase-starting = Starting
phase-reading = Reading { $client }'s profile
phase-reading-no-client = Reading the skill
phase-searching = Searching the web: { $detail }
phase-fetching = Reading { $detail }
phase-consulting = Consulting { $detail }
phase-filing = Writing down { $detail }
phase-writing = Writing
phase-retrying = Something failed on the way; trying again
phase-model_unwell = The model does not answer well just now. Yours waits in line and starts by itself.
phase-handed_back = The server is being updated; another takes over from the start
button-stop = Stop
button-change-client = Change client
stopping = Stopping…
stopped = Stopped: { $subject }. Nothing was kept.
button-again = Start again
nothing-to-stop = Nothing is under way here.

## A result

ready = ✓ { $label } for { $client } is ready!
ready-no-client = ✓ { $label } is ready!
ready-version = ✓ { $label } for { $client } is ready! (v{ $version })
ready-version-no-client = ✓ { $label } is ready! (v{ $version })
download-line = 📥 Download: /download_{ $id }
rate-line = ⭐ Rate this output:
ready-notice = Ready: { $title }
flags =
    { $count ->
        [one] ⚠ One thing to check before you use it: { $list }
       *[other] ⚠ { $count } things to check before you use it: { $list }
    }
flag-placeholder = a placeholder left in ({ $found })
flag-forbidden-word = a word this client avoids ({ $found })
flag-unsupported-number = a number that no file supports ({ $found })
flag-unsupported-quote = a quotation that no file supports ({ $found })
flag-foreign-link = a link nobody asked for ({ $found })
flag-bad-json = it is not valid JSON
button-show-all = Show all
button-show-less = Show less
button-revise = Revise
button-download = Download
button-retry = Retry
button-compare = Compare with v{ $version }
revise-ask = What should change? Reply in a line, such as: shorter, and mention the pilot. /cancel leaves.
compare-title = What changed from v{ $old } to v{ $new }:
compare-same = Nothing changed between v{ $old } and v{ $new }.
too-long-to-show = It is too long for one message; here is the beginning. The file has all of it.
format-docx = Word
format-pdf = PDF
format-html = Web page
format-making = { $format }: one moment…
format-slow = It takes longer than usual. Nothing was lost; tap the format again in a moment.
download-usage = Send /download and the code of a piece, such as /download abcd2345. /history lists them.

## Failures

failed = I could not finish your { $subject }. { $reason }
    { $kept } (Reference { $reference })
failed-kept = Nothing was lost: your request is kept, and Retry starts it again.

## Rating

rated = Thanks! Rated { $score } of 5.
ask-what-worked = Thanks for the feedback! What worked well? (Reply or tap Skip)
ask-what-better = What should be better? (Reply or tap Skip)
button-skip = Skip
skipped = Skipped. Thanks for rating.
comment-kept = Thank you, noted.
comment-perhaps-request = Thank you, noted as your comment.
button-was-request = It was a request
ask-severity = Noted, thank you. How bad is it?
button-group-score =
    { $count ->
        [one] ★ { $mean } · one rating
       *[other] ★ { $mean } · { $count } ratings
    }
group-score =
    { $count ->
        [one] One person gave it { $mean }. Tap a number to add yours.
       *[other] { $count } people gave it { $mean } on average. Tap a number to add yours, or to change it.
    }
severity-high = High
severity-medium = Medium
severity-low = Low
severity-kept = Thank you. I will take it into account.

## Learning: a proposed change of rules

proposal-everybody = every skill
proposal-somebody = somebody
proposal-type-add = 💡 New rule
proposal-type-clarify = 💡 Clearer rule
proposal-type-strengthen = 💡 Stronger rule
proposal-type-anti-pattern = 💡 Something to avoid
proposal-type-remove = 💡 Rule to drop
proposal-library = 📚 Which rule shall stand
proposal-warnings =
    { $count ->
        [one] Look at this before you decide
       *[other] Look at these { $count } things before you decide
    }
proposal-warning-orders = The feedback or the rule gives orders to the model: { $detail }
proposal-warning-contradicts = It contradicts a rule that stands: { $detail }
proposal-warning-client-facts = It holds words of one client: { $detail }
proposal-warning-repeats = It says what a rule that stands says already: { $detail }
proposal-warning-contradictory-feedback = The feedback does not agree with itself: { $detail }
proposal-warning-link = It holds an address: { $detail }
proposal-warning-other = { $detail }
proposal-rests-on =
    { $count ->
        [one] Rests on one rating (★ { $mean })
       *[other] Rests on { $count } ratings (★ { $mean } on average)
    }
proposal-quote = ★{ $score } “{ $quote }”
proposal-score = ★{ $score } (no comment)
proposal-evidence =
    { $count ->
        [one] What was said: { $theme }
       *[other] What { $count } ratings say: { $theme }
    }
proposal-evidence-how = A number opens the piece it was said of.
proposal-price =
    { $pairs ->
        [one] Not tested yet. The test writes one past request again with the old and the new rule, and a judge compares them blind: about ${ $expected }, never more than ${ $cap }.
       *[other] Not tested yet. The test writes { $pairs } past requests again with the old and the new rule, and a judge compares them blind: about ${ $expected }, never more than ${ $cap }.
    }
proposal-nothing-to-test = There is no past request to test this on yet.
proposal-testing =
    { $of ->
        [0] ⏳ The test is starting.
        [one] ⏳ Testing: { $done } of one pair compared.
       *[other] ⏳ Testing: { $done } of { $of } pairs compared.
    }
proposal-is-approved = ✓ Approved by { $by }. The next text is written with it.
proposal-is-rejected = ✗ Rejected by { $by }. Nothing changed.
proposal-is-rolled-back = ↩ Rolled back. The rules are as they were before.
proposal-mark-draft = 💡
proposal-mark-testing = ⏳
proposal-mark-ready = 🧪
proposal-mark-approved = ✓
proposal-mark-rejected = ✗
proposal-mark-rolled_back = ↩
proposal-failure-rules-moved = ⚠ The test stopped: the rules changed while it went on. Test it again.
proposal-failure-nothing-to-replay = ⚠ There was nothing to test it on: the requests behind it are gone.
proposal-failure-not-judged = ⚠ The test failed: the judge gave no verdict that could be used. Test it again.
test-title =
    { $count ->
        [one] Tested blind on one past request, for ${ $dollars }:
       *[other] Tested blind on { $count } past requests, for ${ $dollars }:
    }
test-figures = { $wins } better · { $ties } the same · { $losses } worse
test-unjudged =
    { $count ->
        [one] One could not be judged.
       *[other] { $count } could not be judged.
    }
test-cap =
    { $count ->
        [one] One was left out, to stay below ${ $cap }.
       *[other] { $count } were left out, to stay below ${ $cap }.
    }
test-regressions =
    { $count ->
        [0] No text that people liked got worse.
        [one] ⚠ One text that people liked got worse.
       *[other] ⚠ { $count } texts that people liked got worse.
    }
test-none-liked = There was no well-rated text to compare.
proposal-pairs = Each past request, written with the old and the new rule and judged blind in both orders:
pair-win-complaint = Better
pair-tie-complaint = The same
pair-loss-complaint = Worse
pair-unjudged-complaint = Not judged
pair-win-guard = Better (people liked it before, too)
pair-tie-guard = As good as people liked it
pair-loss-guard = Worse than people liked it
pair-unjudged-guard = Not judged
button-proposal-test = Test it (at most ${ $cap })
button-proposal-test-again = Test again (≤ ${ $cap })
button-proposal-approve = ✓ Approve
button-proposal-edit = Edit
button-proposal-reject = Reject
button-proposal-evidence = Evidence ({ $count })
button-proposal-pairs = The test, pair by pair
button-roll-back = ↩ Roll back
button-roll-back-newest = ↩ Roll back the newest
proposal-test-begun = The test has begun; the card shows how it goes.
proposal-approved = Approved. The next text is written with it.
proposal-rejected = Rejected. Nothing changed.
proposal-edit-ask = Send the new wording as a reply to this message. It will have to be tested before it can be approved. /cancel leaves.
proposal-edited = Reworded. Test it, and the card above shows how it does.
rolled-back = Rolled back. The rules are as they were before.
rules-alert =
    ⚠ { $subject }: texts are rated worse since version { $version } of the rules.
    { $count ->
        [one] ★ { $after } from one rating, where it was ★ { $before } before.
       *[other] ★ { $after } on average of { $count } ratings, where it was ★ { $before } before.
    }
    Roll back brings the rules of before back; nothing is lost, and it can be undone as well.

## Learning: what only those who run the bot see

admin-home =
    { $count ->
        [0] Hello, { $name }. Nothing waits for your decision.
        [one] Hello, { $name }. One proposed rule waits for your decision.
       *[other] Hello, { $name }. { $count } proposed rules wait for your decision.
    }
button-admin-proposals =
    { $count ->
        [0] Proposals
       *[other] Proposals ({ $count })
    }
button-admin-skills = Skills
button-admin-users = Users & invites
button-admin-usage = Usage
button-admin-health = Health
button-refresh = Look again
button-first-page = « Newest
admin-proposals = Proposed changes of rules, newest first. 💡 waits for a test, ⏳ is being tested, 🧪 waits for your decision.
admin-no-proposals = No change of a rule has been proposed yet. Three ratings that complain of the same thing make one.
admin-skills =
    { $rated ->
        [0] { $count } skills; nobody has rated a text yet.
        [one] { $count } skills, one of them rated. ↗ and ↘: the last 30 days against the 30 before.
       *[other] { $count } skills, { $rated } of them rated, the lowest first. ↗ and ↘: the last 30 days against the 30 before.
    }
admin-not-rated = No text of this skill has been rated yet.
admin-score =
    { $count ->
        [one] ★ { $mean } from one rating
       *[other] ★ { $mean } from { $count } ratings
    }
admin-trend-better = { $points } better in the last 30 days than in the 30 before
admin-trend-worse = { $points } worse in the last 30 days than in the 30 before
admin-trend-same = The last 30 days are as the 30 before
admin-rules = Rules: { $line }
admin-no-rules = It has no rules of its own yet.
admin-versions = { $title }: its rules, the newest version first
admin-older-versions =
    { $count ->
        [one] One older version.
       *[other] { $count } older versions.
    }
admin-version-score =
    { $count ->
        [one] { $line } · ★ { $mean } (one rating)
       *[other] { $line } · ★ { $mean } ({ $count } ratings)
    }
version-shipped = v{ $version } · shipped · { $date }
version-proposal = v{ $version } · approved by { $by } · { $date }
version-edit = v{ $version } · edited by { $by } · { $date }
version-rollback = v{ $version } · rolled back by { $by } · { $date }
version-merge = v{ $version } · merged with a new library · { $date }
button-chart = Chart
button-versions = Versions
chart-caption = { $title }: how its texts were rated, by version of its rules
admin-users = Who uses the bot, newest first, with what their texts cost in { $month }:
admin-user =
    { $runs ->
        [0] { $name } · { $role } · nothing yet
        [one] { $name } · { $role } · one text, ${ $dollars }
       *[other] { $name } · { $role } · { $runs } texts, ${ $dollars }
    }
user-admin = admin
user-member = member
user-not-linked = not in a chat
button-invite = Create an invite link
invite-link =
    This link lets one person in, within 24 hours. It is shown this once:
    { $link }
admin-usage = { $month }, everybody together:
admin-usage-users =
    { $count ->
        [0] Nobody has asked for anything yet.
        [one] By one person.
       *[other] By { $count } people.
    }
admin-usage-skill =
    { $runs ->
        [one] { $title }: one text, ${ $dollars }
       *[other] { $title }: { $runs } texts, ${ $dollars }
    }
admin-usage-learning = Learning from feedback: ${ $dollars } besides, which no user is billed for
admin-usage-before = { $month }: ${ $dollars }
health-ready = All is well.
health-not-ready = Something does not answer.
health-database = Database
health-redis = Queue (Redis)
health-object-store = Object store
health-queue =
    { $count ->
        [0] No text waits.
        [one] One text waits, since { $seconds } s.
       *[other] { $count } texts wait, the oldest since { $seconds } s.
    }
health-workers =
    { $count ->
        [0] No worker was seen in the last 15 s: nothing will be written until one starts.
        [one] One worker is there.
       *[other] { $count } workers are there.
    }

## The long form of a judgement

feedback-usage = Send /feedback and the code of a piece, such as /feedback abcd2345, or answer a piece with /feedback. /history lists them.
form-head = “{ $title }” · { $number } of { $of }
form-accuracy = Accuracy: are the facts, names and numbers right?
form-quality = Quality: is it well written?
form-usefulness = Usefulness: could you use it as it is?
form-rule-compliance = Rules: does it keep to the client's voice, and to the rules you know of?
form-overall = One last thing, since it can't be told from your answers: how good is it overall?
form-issues = What is wrong with it? Send one thing in a message, then the next. Done goes on.
form-issues-more =
    { $count ->
        [one] One issue noted. Send the next one; Done goes on.
       *[other] { $count } issues noted. Send the next one; Done goes on.
    }
form-issue =
    { $severity ->
        [high] • { $issue } (high)
        [low] • { $issue } (low)
       *[medium] • { $issue } (medium)
    }
form-severity = How bad is this? “{ $issue }”
form-rule = Should anything become a rule for next time? Send it in a sentence, or skip this.
form-reply = In a group I only hear answers that reply to this message.
form-leave = You have answered some of the questions about “{ $title }”. Shall I keep your answers?
form-discarded = Left. Nothing was changed.
form-thanks = Thank you! Kept your judgement of “{ $title }”: ★ { $overall } overall.
form-issues-kept =
    { $count ->
        [one] One issue noted.
       *[other] { $count } issues noted.
    }
form-rules-kept =
    { $count ->
        [one] One rule suggested: people decide about it once it has been tested.
       *[other] { $count } rules suggested: people decide about them once they have been tested.
    }
button-done = Done
button-keep = Keep
button-discard = Discard
button-go-on = Go on

## Lists

skills-title =
    { $count ->
        [one] One skill. Choose a category:
       *[other] { $count } skills. Choose a category:
    }
skills-category = { $category }. Choose a skill:
skill-card = { $title }

    { $description }
skill-card-example = For example: { $example }
skill-card-command = Or send /{ $command } and what you need.
button-use = Use
button-back = ‹ Back
button-next = Next ›
button-previous = ‹ Previous
clients-title = Your clients. ● marks the one this chat works for.
clients-none = You have no client on file yet. Six questions make one.
client-card = { $name }
    The profile has { $parts } of { $total } parts.
client-missing =
    Worth adding next: { $list }.
    Send me a document about any of them, and I offer to keep it in the research that I read before I write for { $client }.
client-complete = Nothing is missing.
profile-part-profile = the client in short
profile-part-voice = the voice
profile-part-messaging = the core messages
profile-part-assets = logos and colours
profile-part-primary-icp = the ideal customer
profile-part-secondary-icp = a second kind of customer
profile-part-anti-personas = whom it is not for
profile-part-customer-journey = the way to a purchase
profile-part-overview = what it sells
profile-part-pricing = pricing
profile-part-differentiators = what sets it apart
profile-part-objections = objections
profile-part-competitors = competitors
profile-part-industry = the industry
profile-part-proof = proof
profile-part-contacts = who is who
profile-part-process = how they work
profile-part-tools = tools in use
profile-part-active = current projects
profile-part-history = past projects
profile-part-notes = research notes
client-active = This chat now works for { $name }.
client-cleared = This chat works for no particular client now.
client-usage = Send /client and a name, such as /client { $example }. /client none clears it.
button-make-active = Work for this client
button-active = ● Active here
status-none = Nothing is queued or running.
status-title =
    { $count ->
        [one] One piece is under way:
       *[other] { $count } pieces are under way:
    }
status-queued = ⏳ { $subject }: waiting, { $ahead } ahead
status-running = ▶ { $subject }: at work for { $seconds } s
button-stop-one = Stop { $label }
history-none = Nothing yet. Send a request, such as: Write homepage copy for Yaz Automate
history-title = Your pieces, newest first:
history-line = { $title } · { $date }
    /download_{ $id }
cancelled-conversation = Left. Send a request whenever you like.
nothing-to-cancel = There is nothing to leave.

## Workflows

workflows-none = There is no workflow yet. /skills shows what I can do piece by piece.
workflows-title = Several skills in a row, with your yes between the steps. Choose one:
workflows-line = { $title }: { $description }
workflow-card = { $title }

    { $description }
workflow-command = Or send /workflow { $name } and the brief.
button-start-workflow = Start
workflow-ask = { $title }: send me the brief in one message, and for which client. Four lines are enough: who it is for, what they should do, what may be offered, what must not happen. /cancel leaves.
workflow-usage = Send /workflow and a name, such as /workflow email-campaign. /workflows lists them.
workflow-offer = That sounds like more than one piece. “{ $title }” does it in { $count } steps:
workflow-offer-how = You read each step and say yes before the next one starts.
button-whole-workflow = Do all of it
button-one-piece = Just one piece
workflow-for = { $title } for { $client }
workflow-is-running = { $title }: under way
workflow-is-awaiting-input = { $title }: your turn
workflow-is-completed = ✓ { $title } is complete!
workflow-is-cancelled = { $title }: stopped. What was made is kept.
workflow-cost = Cost so far: ${ $dollars }
workflow-cost-in-all = Cost: ${ $dollars }
workflow-waits = “{ $title }” waits for your yes: { $steps }
step-completed = ✓ { $title }
step-running = ▶ { $title }
step-stopping = ▶ { $title }: stopping…
step-awaiting-input = ⏸ { $title }
step-queued = ○ { $title }
step-skipped = – { $title } (skipped)
step-failed = ⚠ { $title }
step-cancelled = ■ { $title } (stopped)
step-with-file =
    { $version ->
        [1] { $line } · /download_{ $id }
       *[other] { $line } (v{ $version }) · /download_{ $id }
    }
step-gate = ⏸ “{ $title }” waits for your yes:
step-failed-again = ⚠ “{ $title }” did not work. { $reason } Nothing else was lost: try again, skip it, or stop.
step-failed-for-good = ⚠ “{ $title }” did not work, and trying again will not help. { $reason } The other pieces are kept: skip it, or stop.
step-failed-reason = It broke off on the way.
button-step-approve = ✓ Approve
button-step-revise = Revise
button-step-skip = Skip
button-step-retry = Try again
button-step-read = Read “{ $title }”
button-stop-workflow = Stop
button-all-pieces = All in one file
step-approved = Approved.
step-revised = Revising…
step-skip-done = Skipped.
step-retried = Trying again…
workflow-revise-ask = What should change in “{ $title }”? Reply in a line. /cancel leaves.
workflow-revising = Revising. The checklist above shows when it is ready.

## Files

file-ask =
    I read “{ $name }”.
    { $count ->
        [one] Shall I keep it for { $client }? It joins the research that I read before I write.
       *[other] For which client shall I keep it? It joins the research that I read before I write.
    }
    To use it once, send it with a caption that says what to write.
file-no-client = I read “{ $name }”, but you have no client on file to keep it for: /newclient makes one. To use it once, send it with a caption that says what to write.
file-kept = Kept “{ $name }” for { $client }, as { $path }. Skills that read research will have it.
file-dropped = Not kept. Send it with a caption to use it once.
button-file = Keep for { $client }
button-drop = Don't keep it

## Money

confirm-cost = { $subject } will cost about ${ $dollars }. Shall I begin?
confirm-cost-how = It is what such pieces cost lately, or what the price list says. You pay what it really takes.
button-go = Go
button-cancel = Cancel
cost-declined = Left. Nothing was started, and nothing was spent.
usage-month = { $month } so far:
usage-sum =
    { $runs ->
        [0] Nothing yet.
        [one] One run, { $tokens } tokens, ${ $dollars }
       *[other] { $runs } runs, { $tokens } tokens, ${ $dollars }
    }
usage-limit = Your monthly limit: ${ $spent } of ${ $limit }. It begins anew on { $resets }.
usage-no-limit = You have no monthly limit.
usage-by-client = By client:
usage-client =
    { $runs ->
        [one] • { $name }: one run, ${ $dollars }
       *[other] • { $name }: { $runs } runs, ${ $dollars }
    }
usage-client-limit =
    { $runs ->
        [one] • { $name }: one run, ${ $dollars } of ${ $limit }
       *[other] • { $name }: { $runs } runs, ${ $dollars } of ${ $limit }
    }
usage-no-client = Without a client
usage-before =
    { $runs ->
        [0] { $month }: nothing
       *[other] { $month }: { $sum }
    }
usage-private = What your runs cost is for your eyes only: send me /usage in our own chat.
client-budget =
    { $limit ->
        [none] Budget: no monthly limit, ${ $spent } spent this month
       *[other] Budget: ${ $spent } of ${ $limit } this month
    }
button-budget = Budget
budget-ask = How many dollars may pieces for { $client } cost in a month? Send a number, such as 20, or “none” for no limit. /cancel leaves.
budget-unreadable = I can't read that as dollars. Send a number from 0 to 999999, such as 20 or 12.50, or “none”. /cancel leaves.
budget-set = Pieces for { $client } may cost ${ $limit } a month. ${ $spent } is spent so far.
budget-unset = Pieces for { $client } have no monthly limit now.
budget-near =
    { $client ->
        [none] You have spent ${ $spent } of your monthly limit of ${ $limit }.
       *[other] Pieces for { $client } have cost ${ $spent } of their monthly limit of ${ $limit }.
    }
budget-near-then = When it is reached I start nothing new until { $resets }. What is under way goes on.
budget-near-full = I start nothing new until { $resets }. What is under way goes on.
budget-raise-user = Whoever runs this bot can raise it. /usage shows what it went to.
budget-raise-client = You can raise it on the client's card: /clients. /usage shows what it went to.

## What cannot be read

cannot-sticker = I can't read stickers. Tell me in words what you need.
cannot-voice = I can't listen to voice messages yet. Please type what you need; nothing was lost.
cannot-photo = I can't look at pictures yet. Tell me in words what you need.
cannot-other = I can only read text. Tell me in words what you need.
unknown-command = I do not know /{ $command }. /skills shows what I can do, /help how to ask.

## Errors: what happened, whether something was lost, what to do next

error-internal = Something went wrong on my side. Nothing was lost; please try again. (Reference { $reference })
error-not-found = I can't find that. It may have been deleted; /history lists what there is.
error-not-linked = I do not know you yet, so nothing was begun. Send /start; if that does not let you in, you need an invite link from whoever runs this bot, or your API key: /link <key>
error-invite-invalid = This invite has been used or is older than 24 hours. Ask for a new one.
error-key-invalid = This key is unknown, revoked, or has run out. Check that you copied all of it, or make a new one.
error-stale-button = This button is from an older message; here is the current one.
error-empty-request = I see no text in this message. Tell me in a line what to write and for whom.
error-too-long = This message is longer than { $limit } characters, which is more than I can take at once. Nothing was done; please shorten it, or keep only the parts that matter.
error-skill-unknown = There is no skill named { $name }. /skills shows what there is.
error-workflow-unknown = There is no workflow named { $name }. /workflows shows what there is.
error-step-decided = This step was decided before; the checklist shows where it stands.
error-stopped = It was stopped.
error-proposal-decided = This change was decided before; the message shows how.
error-proposal-decided-by = { $by } decided this before you. The message shows how it stands now.
error-not-your-rating = This question is for the person who rated. Tap a number under the piece, and I ask you as well.
error-not-admin = This is for those who run the bot.
error-proposal-busy = This change is being tested just now. Wait for the result, or reject it.
error-proposal-moved = The rules have changed since: the rule it was to change is gone, or a new one speaks against it, as the card says now. Look at it once more, then approve, edit or reject it.
error-proposal-untested = It has not been tested yet. Test it first; then it can be approved.
error-rule-unfit = This can't stand as a rule. Send one sentence of at most { $limit } characters, without headings, lists, tags or links.
error-client-unknown = You have no client named { $name }. /clients lists those you have.
error-private-chat = That is only for our private chat: open it and send the command there.
error-client-name-too-long = This name has { $length } characters, and { $limit } is the most that I can show. What is it in short?
error-client-name-unreadable = I need a name with at least one letter or digit, so that you can call the client by it. What is it in words?
error-client-name-taken = You have a client { $name } already: /clients shows it. What is the new one called, so that I can tell them apart?
error-upload-too-large = This file is larger than { $limit } MB, which is more than I read. Nothing was kept; send a smaller one, or the part that matters.
error-upload-unknown = I can read text, Markdown, PDF and Word (.docx) files, and this is none of them. Nothing was kept; save it as one of those (text as UTF-8) and send it again.
error-upload-broken = I could not open this file: it seems to be damaged. Nothing was kept; open it once yourself, save it anew, and send that.
error-upload-locked = This file asks for a password. Nothing was kept; save a copy without one and send that.
error-upload-empty = I found no text in this file. If it is a scan, its pages are pictures, which I can't read yet. Nothing was kept.
error-upload-too-long = This file unpacks to more than { $pages } pages or { $characters } characters, which is more than I read. Nothing was kept; send the part that matters.
error-upload-slow = Reading this file took too long, so I gave it up. Nothing was kept; save it anew, or paste the part that matters as text.
error-budget-reached =
    { $whose ->
        [client] The limit for { $client } is reached: ${ $spent } of ${ $limit } this month. Nothing was started. It begins anew on { $resets }; raise it on the client's card: /clients
       *[user] Your monthly limit is reached: ${ $spent } of ${ $limit }. Nothing was started. It begins anew on { $resets }; whoever runs this bot can raise it. /usage shows more.
    }
budget-reached-here = Whoever this group works with has reached a monthly limit, so nothing was started. It begins anew on { $resets }; they can see and raise it in our own chat.
error-budget-spent = A monthly limit was reached before its turn came, so nothing was spent on it. /usage shows which; when it is raised, or begins anew, try again.
error-confirmation-required = This is expected to cost ${ $dollars }, which needs your yes first.
error-service-away = A part of the service does not answer just now. Nothing was lost; please try again in a minute.
error-model-overloaded = The model is overloaded just now.
error-model-rate-limited = The model's limit for now is reached.
error-model-network = The connection to the model broke off.
error-model-timeout = It took longer than this skill allows.
error-model-refused = The model declined to write this. Rephrasing the request often helps.
error-model-budget = It would have cost more than one piece may.
error-model-invalid-request = The model did not accept the request.
error-model-credentials = The model's key was refused. Whoever runs this bot has to check it.
error-model-nonsense = The model's answer made no sense.
error-model-truncated = The piece grew longer than one may be, and was cut off. Ask for less at once.
error-worker-lost = The server broke off three times.

## Webhooks

webhook-switched-off = I no longer call { $url }: it failed { $failures } times in a row. Nothing was lost; your pieces are here and in the API. Set the address anew to switch it on again.

## Problems, as the API tells them to programmers

problem-not-found = There is nothing here, or it is not yours.
problem-key-missing = Send your API key as Authorization: Bearer mk_live_…
problem-key-invalid = This API key is unknown, revoked, or has run out.
problem-scope-missing = This API key lacks the scope { $scope }.
problem-rate-limited = More than { $limit } calls in this minute. Wait { $retry_after } s.
problem-body-not-json = The body is not valid JSON.
problem-body-type = Send the body as { $type }.
problem-body-too-large = The body is larger than { $limit } bytes.
problem-body-too-slow = The body did not arrive within 30 s.
problem-request-invalid = Some fields are not as they should be; see fields.
problem-cursor-invalid = This cursor does not belong to this list. Take next_cursor as it was given, or begin without one.
problem-idempotency-mismatch = This idempotency key was used with another request. Use a new one for each request.
problem-idempotency-busy = The first request with this idempotency key is still being worked on.
problem-answer-not-kept = This was done under this idempotency key before. Its answer showed a secret and was not kept.
problem-precondition-failed = The file is not the one that the condition names. Read it again.
problem-path-invalid = A client has no such file. See the list of its files, or use research/<name>.md.
problem-file-unreadable = The content is empty, or is not UTF-8 text.
problem-confirmation-missing = Add ?confirm={ $slug } to delete this client and all its files.
problem-conflict = There is a client { $name } already.
problem-skill-unknown = There is no skill { $name }.
problem-workflow-unknown = There is no workflow { $name }.
problem-step-decided = The step does not wait for this decision; get the workflow run to see where it stands.
problem-stale-button = It is not as it was when you looked at it. Get it again, and decide on what you see.
problem-proposal-decided = This change was decided before. Get the proposal to see how, and by whom.
problem-proposal-busy = This change is being tested. Wait for the result, or reject it.
problem-proposal-moved = The rules have changed since: the rule that it changes is gone, or a new one speaks against it, as its warnings say now. Get it once more, then approve, edit or reject it.
problem-proposal-untested = A change can be approved once its test has ended.
problem-rule-unfit = This can't stand as a rule: one sentence of at most { $limit } characters, without headings, lists, tags or links.
problem-client-unknown = You have no client { $name }.
problem-skill-unclear = No skill_id was given, and the message does not say which of several is meant; see alternatives.
problem-client-unclear = The message names several clients; give a client_id.
problem-client-differs = A revision is written for the client of the text that it revises.
problem-not-retryable = Only a run that failed or was cancelled can be started again.
problem-telegram-not-linked = No Telegram account is linked to this user, or it blocked the bot. Send the bot /link and a key.
problem-signature-invalid = The signature is missing, wrong, or more than five minutes off.
problem-run-goes-on = The run has not ended yet.
problem-export-pending = The document is being made. Ask again in { $retry_after } s.
problem-not-exportable = Only Markdown outputs are made into other formats.
problem-empty-request = The request holds no text.
problem-too-long = user_message is longer than { $limit } characters.
problem-budget-reached =
    { $whose ->
        [client] The monthly limit for the client { $client } is reached: ${ $spent } of ${ $limit }. Nothing was started. It begins anew on { $resets }; PATCH the client to raise it.
       *[user] Your monthly limit is reached: ${ $spent } of ${ $limit }. Nothing was started. It begins anew on { $resets }; whoever runs this service can raise it.
    }
problem-confirmation-required = This is expected to cost ${ $dollars }. Send it again with "confirm_cost": true.
problem-service-away = A part of the service does not answer just now. Nothing was half written; try again.
problem-internal = Something went wrong on our side. Quote { $reference } when you ask about it.

## The command menu

command-workflows = Several skills in a row
command-start = Begin
command-admin = Proposals, skills, people, health
command-feedback = Judge a piece in full
command-help = What I can do, by example
command-skills = Browse the skills
command-clients = Your clients
command-newclient = Make a client's profile
command-client = Choose the client of this chat
command-settings = Notices, clients, API keys
command-status = What is under way
command-history = What I have written
command-download = A piece as a file
command-stop = Stop the newest piece
command-usage = What this month has cost
command-cancel = Leave a conversation
command-deletedata = Delete everything that is yours
command-privacy = What is stored
command-link = Link this chat to your account
command-unlink = Sever this chat from your account
