using FsCheck;
using FsCheck.Fluent;
using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class LogMergeLaws
{
    private static readonly Config Config = Config.QuickThrowOnFailure.WithMaxTest(1000);

    [Fact]
    public void Any_order_and_any_repetition_of_messages_gives_the_same_log() => Check.One(Config, Prop.ForAll(
        (from messages in Generate.MessagesForOneLog()
         from other in Generate.ShuffledWithDuplicates(messages)
         select (messages, other)).ToArbitrary(),
        pair => Fold(pair.messages).ShouldBeLog(Fold(pair.other))));

    [Fact]
    public void Joining_is_commutative() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog().Two().Where(SameLog).ToArbitrary(),
        pair => LogMerge.Join(Fold(pair.Item1), Fold(pair.Item2)).ShouldBeLog(
            LogMerge.Join(Fold(pair.Item2), Fold(pair.Item1)))));

    [Fact]
    public void Joining_is_associative_however_the_messages_are_split() => Check.One(Config, Prop.ForAll(
        (from messages in Generate.MessagesForOneLog()
         from first in Gen.Choose(0, messages.Length)
         from second in Gen.Choose(first, messages.Length)
         select (messages, first, second)).ToArbitrary(),
        split =>
        {
            var parts = new[] { split.messages[..split.first], split.messages[split.first..split.second], split.messages[split.second..] }
                .Where(part => part.Length > 0).Select(Fold).ToList();
            parts.Aggregate(LogMerge.Join).ShouldBeLog(Fold(split.messages));
            Enumerable.Reverse(parts).Aggregate((joined, part) => LogMerge.Join(part, joined)).ShouldBeLog(
                Fold(split.messages));
        }));

    [Fact]
    public void Joining_a_log_with_itself_or_a_part_of_itself_changes_nothing() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog().ToArbitrary(),
        messages =>
        {
            var whole = Fold(messages);
            LogMerge.Join(whole, whole).ShouldBeSameAs(whole);
            LogMerge.Join(whole, Fold(messages[..1])).ShouldBeSameAs(whole);
        }));

    [Fact]
    public void A_repeated_message_is_told_apart_from_a_new_one() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog(deletes: false).ToArbitrary(),
        messages =>
        {
            var log = Fold(messages);
            foreach (var message in messages)
                LogMerge.Apply(log, message with { ReceivedAt = message.ReceivedAt + 1_000_000 }).Outcome.ShouldBe(
                    MergeOutcome.Unchanged);
        }));

    [Fact]
    public void What_was_completed_or_had_an_outcome_stays_so() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog(deletes: false).ToArbitrary(),
        messages =>
        {
            Log? log = null;
            foreach (var message in messages)
            {
                var next = LogMerge.Apply(log, message).Log!;
                (log is null || !log.IsComplete || next.IsComplete).ShouldBeTrue();
                (log is null || !log.HadOutput || next.HadOutput).ShouldBeTrue();
                (log is null || !log.Withheld || next.Withheld).ShouldBeTrue();
                log = next;
            }
        }));

    [Fact]
    public void The_completing_instant_is_the_senders_where_they_know_it() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog(deletes: false).Where(messages => Fold(messages).IsComplete).ToArbitrary(),
        messages =>
        {
            var log = Fold(messages);
            var requested = messages.Where(message => message.CompletionRequested).Min(message => message.OccurredAt);
            var answered = messages.Where(HasOutcome).Min(message => message.OccurredAt);
            log.CompletedAtIsReceipt.ShouldBe(requested is null || answered is null);
            if (!log.CompletedAtIsReceipt)
                log.CompletedAt.ShouldBe(Math.Max(requested!.Value, answered!.Value));
            else
                log.CompletedAt.ShouldBe(Math.Max(log.CompletionRequestedAt!.Value, log.OutcomeAt!.Value));
        }));

    [Fact]
    public void Withheld_logs_hold_no_payload_whatever_the_order() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog(deletes: false).ToArbitrary(),
        messages =>
        {
            var log = Fold(messages);
            log.Withheld.ShouldBe(messages.Any(message => message.Withheld));
            (log.Withheld && log.Fields.Any(entry => entry.Field.Payload)).ShouldBeFalse();
            log.HadOutput.ShouldBe(messages.SelectMany(message => message.Changes).Any(change => change.Field == LogFields.Output && change.Value is not null));
        }));

    [Fact]
    public void A_deleted_log_keeps_nothing_but_that_it_was_there() => Check.One(Config, Prop.ForAll(
        Generate.MessagesForOneLog().Where(messages => messages.Any(message => message.Kind == MessageKind.LogDeleted)).ToArbitrary(),
        messages =>
        {
            var tombstone = Fold(messages);
            tombstone.IsDeleted.ShouldBeTrue();
            tombstone.Fields.ShouldBeEmpty();
            tombstone.Problems.ShouldBeEmpty();
        }));

    private static bool HasOutcome(LogMessage message) =>
        message.Changes.Any(
            change => (change.Field == LogFields.Output || change.Field == LogFields.Error) && change.Value is not null);

    private static Log Fold(LogMessage[] messages) =>
        messages.Aggregate((Log?)null, (log, message) => LogMerge.Apply(log, message).Log)!;

    private static bool SameLog((LogMessage[], LogMessage[]) pair) => pair.Item1[0].LogId == pair.Item2[0].LogId;
}
