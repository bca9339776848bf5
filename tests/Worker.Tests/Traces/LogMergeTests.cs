using Worker.Traces;

namespace Worker.Tests.Traces;

public sealed class LogMergeTests
{
    [Fact]
    public void An_update_wins_over_a_logged_value_whatever_the_clocks_say()
    {
        var updated = Some.Message(
            MessageKind.ToolLogUpdated,
            messageId: "u",
            occurredAt: Some.Micros(-5000),
            changes: (LogFields.Output, "\"patched\""));
        var logged = Some.Message(messageId: "l", occurredAt: Some.Micros(), changes: (LogFields.Output, "\"first\""));

        Fold(updated, logged).Text(LogFields.Output).ShouldBe("patched");
        Fold(logged, updated).Text(LogFields.Output).ShouldBe("patched");
    }

    [Fact]
    public void Null_in_an_update_unsets_and_absence_keeps()
    {
        var logged = Some.Message(changes: [(LogFields.Output, "\"o\""), (LogFields.Error, "\"e\"")]);
        var updated = Some.Message(MessageKind.ToolLogUpdated, messageId: "u", changes: (LogFields.Output, null));

        var log = Fold(logged, updated);

        log[LogFields.Output].ShouldBeNull();
        log.Text(LogFields.Error).ShouldBe("e");
        log.HadOutput.ShouldBeTrue();
    }

    [Fact]
    public void A_flow_log_is_complete_once_requested_and_answered_in_either_order()
    {
        var requested = Some.Message(MessageKind.FlowLogUpdated, messageId: "r", occurredAt: Some.Micros(10)) with { CompletionRequested = true };
        var answered = Some.Message(
            MessageKind.FlowLogUpdated,
            messageId: "a",
            occurredAt: Some.Micros(20),
            changes: (LogFields.Output, "\"\""));

        Fold(requested).IsComplete.ShouldBeFalse();
        Fold(answered).IsComplete.ShouldBeFalse();
        Fold(requested, answered).CompletedAt.ShouldBe(Some.Micros(20));
        Fold(answered, requested).CompletedAt.ShouldBe(Some.Micros(20));
    }

    [Fact]
    public void Completion_is_not_undone_by_unsetting_the_output()
    {
        var complete = Some.Message(MessageKind.FlowLogUpdated, messageId: "c", changes: (LogFields.Output, "\"o\"")) with { CompletionRequested = true };
        var unset = Some.Message(
            MessageKind.FlowLogUpdated, messageId: "u", occurredAt: Some.Micros(10), changes: (LogFields.Output, null));

        Fold(complete, unset).IsComplete.ShouldBeTrue();
    }

    [Theory]
    [InlineData("""{"a":1.0,"b":"é"}""", """{ "b" : "\u00e9", "a" : 1 }""")]
    [InlineData("\"\\ufeff\"", "\"\ufeff\"")]
    public void A_redelivery_of_what_the_store_spells_in_its_own_way_changes_nothing(string stored, string sent)
    {
        var log = Fold(Some.Message(occurredAt: Some.Micros(), changes: (LogFields.Inputs, stored)));

        LogMerge.Apply(log, Some.Message(occurredAt: Some.Micros(), changes: (LogFields.Inputs, sent))).Outcome.ShouldBe(MergeOutcome.Unchanged);
        LogMerge.Apply(log, Some.Message(occurredAt: Some.Micros(), changes: (LogFields.Inputs, stored))).Outcome.ShouldBe(MergeOutcome.Unchanged);
    }

    [Fact]
    public void A_redelivery_without_a_clock_gets_the_stamp_it_had()
    {
        var first = Clockless("m1", Some.Micros(0), "\"old\"");
        var second = Clockless("m2", Some.Micros(10), "\"new\"");

        var log = Fold(first, second, first with { ReceivedAt = Some.Micros(1000) });

        log.Text(LogFields.Output).ShouldBe("new");
        LogMerge.Apply(log, first with { ReceivedAt = Some.Micros(2000) }).Outcome.ShouldBe(MergeOutcome.Unchanged);
    }

    [Fact]
    public void One_message_id_under_two_bodies_is_two_messages()
    {
        var first = Clockless("log-1", Some.Micros(0), "\"old\"") with { BodyHash = Some.Hash("old") };
        var second = Clockless("log-1", Some.Micros(10), "\"new\"") with { BodyHash = Some.Hash("new") };

        Fold(first, second).Text(LogFields.Output).ShouldBe("new");
        Fold(second, first).Text(LogFields.Output).ShouldBe("new");
        Fold(first, second, first with { ReceivedAt = Some.Micros(1000) }).Text(LogFields.Output).ShouldBe("new");
        LogMerge.Apply(Fold(first, second), second with { ReceivedAt = Some.Micros(1000) }).Outcome.ShouldBe(
            MergeOutcome.Unchanged);
    }

    [Fact]
    public void A_receipt_whose_body_was_not_remembered_counts_for_any_message_of_its_id()
    {
        var message = Clockless("m1", Some.Micros(0), "\"o\"");
        var log = Fold(message);
        log = log with { Receipts = [.. log.Receipts.Select(receipt => receipt with { Body = null })] };

        LogMerge.Apply(log, message with { ReceivedAt = Some.Micros(1000) }).Log!.Fields.ShouldBe(log.Fields);
    }

    [Fact]
    public void What_is_known_only_by_receipt_completes_a_trace_by_receipt()
    {
        var requested = Some.Message(MessageKind.FlowLogUpdated, messageId: "r", occurredAt: Some.Micros(10)) with { CompletionRequested = true };
        var answered = Some.Message(MessageKind.FlowLogUpdated, messageId: "a", changes: (LogFields.Output, "1")) with { OccurredAt = null, ReceivedAt = Some.Micros(900) };
        var answeredEarlier = Some.Message(
            MessageKind.FlowLogUpdated, messageId: "b", occurredAt: Some.Micros(5), changes: (LogFields.Error, "1"));

        (Fold(requested).CompletedAt, Fold(requested).CompletedAtIsReceipt).ShouldBe((null, false));
        (Fold(requested, answered).CompletedAt, Fold(requested, answered).CompletedAtIsReceipt).ShouldBe(
            (Some.Micros(900), true));
        (Fold(requested, answered, answeredEarlier).CompletedAt, Fold(answeredEarlier, answered, requested).CompletedAtIsReceipt).ShouldBe((Some.Micros(10), false));
    }

    [Fact]
    public void After_32_others_a_redelivery_without_a_clock_counts_as_a_new_message()
    {
        var first = Clockless("first", Some.Micros(0), "\"first\"");
        var others = Enumerable.Range(1, Log.RememberedReceipts).Select(i => Clockless($"m{i}", Some.Micros(i), $"\"{i}\"")).ToArray();
        var log = Fold([first, .. others]);

        LogMerge.Apply(log, others[0] with { ReceivedAt = Some.Micros(1000) }).Outcome.ShouldBe(MergeOutcome.Unchanged);
        LogMerge.Apply(log, first with { ReceivedAt = Some.Micros(1000) }).Log!.Text(LogFields.Output).ShouldBe("first");
    }

    [Fact]
    public void A_provisional_kind_gives_way_to_a_logged_message()
    {
        var update = Some.Message(MessageKind.FlowLogUpdated, messageId: "u");
        var log = LogMerge.Apply(Fold(update), Some.Message(MessageKind.ToolLogged)).Log!;

        log.Kind.ShouldBe(LogKind.Tool);
        log.KindIsProvisional.ShouldBeFalse();
    }

    [Theory]
    [InlineData(nameof(MessageKind.ToolLogged), nameof(MessageKind.FlowLogged))]
    [InlineData(nameof(MessageKind.ToolLogged), nameof(MessageKind.FlowLogUpdated))]
    [InlineData(nameof(MessageKind.ToolLogUpdated), nameof(MessageKind.FlowLogUpdated))]
    public void The_second_kind_for_one_id_is_refused_and_the_first_stands(string firstKind, string secondKind)
    {
        var first = Fold(Some.Message(Enum.Parse<MessageKind>(firstKind)));
        var result = LogMerge.Apply(first, Some.Message(Enum.Parse<MessageKind>(secondKind), messageId: "second"));

        result.Refusal!.Reason.ShouldBe(RefusalReason.KindMismatch);
        result.Log.ShouldBeSameAs(first);
    }

    [Fact]
    public void A_message_id_that_names_a_log_cannot_carry_another_body()
    {
        var first = Some.Message(logId: "m", messageId: "m") with { Identity = LogIdentity.MessageId, BodyHash = "one" };
        var log = Fold(first);

        LogMerge.Apply(log, first).Outcome.ShouldBe(MergeOutcome.Unchanged);
        LogMerge.Apply(log, first with { BodyHash = "two" }).Refusal!.Reason.ShouldBe(RefusalReason.MessageIdReused);
    }

    [Fact]
    public void A_repeat_of_a_message_that_only_its_body_names_is_collapsed()
    {
        var message = Some.Message(logId: "log_of_body") with { Identity = LogIdentity.Body };

        LogMerge.Apply(Fold(message), message).Outcome.ShouldBe(MergeOutcome.Collapsed);
    }

    [Fact]
    public void A_tombstone_absorbs_and_remembers_the_parents_it_has_to_wake()
    {
        var tombstone = Fold(Some.Message(MessageKind.LogDeleted, messageId: "d"));
        var late = LogMerge.Apply(
            tombstone, Some.Message(changes: [(LogFields.Output, "\"o\""), (LogFields.TraceParentId, "\"p\"")]));

        late.Outcome.ShouldBe(MergeOutcome.Absorbed);
        late.Log!.Fields.ShouldBeEmpty();
        late.Log.Parents.ShouldBe(["p"]);
    }

    [Fact]
    public void Equal_stamps_fall_to_the_value_and_not_to_the_order()
    {
        var one = Some.Message(changes: (LogFields.Inputs, "{\"a\":1}"));
        var two = Some.Message(changes: (LogFields.Inputs, "{\"a\":2}"));

        Fold(one, two)[LogFields.Inputs].ShouldBe(Fold(two, one)[LogFields.Inputs]);
    }

    private static LogMessage Clockless(string messageId, long receivedAt, string output) =>
        Some.Message(messageId: messageId, changes: (LogFields.Output, output)) with { OccurredAt = null, ReceivedAt = receivedAt };

    private static Log Fold(params LogMessage[] messages) =>
        messages.Aggregate((Log?)null, (log, message) => LogMerge.Apply(log, message).Log)!;
}
