using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Worker.Storage;

namespace Worker.Tests.Ingestion;

/// <summary>How often a message was refused, and why.</summary>
public sealed class LetterAttemptsTests
{
    private readonly TestIngestion _ingestion = new(StoreUnderTest.Of(new InMemoryStore()), TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void The_first_and_the_last_are_kept_and_their_numbers_go_on()
    {
        ImmutableArray<LetterAttempt> attempts = [];
        for (var time = 1; time <= 30; time++)
            attempts = attempts.With(Some.At(time), "poison", new string('\u0001', 255));

        attempts.Select(attempt => attempt.Number).ShouldBe([1, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
        LetterAttempts.Read(LetterAttempts.Write(attempts)).ShouldBe(attempts, "however long their texts");
    }

    [Fact]
    public void What_is_written_is_read() => Prop.ForAll<NonNull<string>, NonNull<string>>((reason, detail) =>
    {
        ImmutableArray<LetterAttempt> attempts = [new(3, Some.At(1.5), reason.Get, detail.Get)];
        var text = LetterAttempts.Write(attempts);
        return text!.Length > 20_000 || Whole(reason.Get) || Whole(detail.Get)
            || LetterAttempts.Read(text).SequenceEqual(attempts);

        static bool Whole(string given) => given.Any(char.IsSurrogate);
    }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("3")]
    [InlineData("{}")]
    [InlineData("[null]")]
    [InlineData("[{}]")]
    [InlineData("[1]")]
    public void What_is_anybodys_header_says_nothing(string? text) => LetterAttempts.Read(text).ShouldBeEmpty();

    [Fact]
    public async Task A_message_that_is_refused_again_remembers_the_times_before()
    {
        var earlier = new LetterAttempt(1, Some.At(1), "poison", "It threw.");

        var letter = await LetterOfAsync("""{"output":"o"}""", earlier);

        letter.Attempts[0].ShouldBe(earlier);
        (letter.Attempts[1].Number, letter.Attempts[1].Reason, letter.Attempts[1].Detail).ShouldBe(
            (2, letter.Reason, letter.Detail));
        letter.WrittenAt.ShouldBe(letter.Attempts[1].At);
    }

    [Fact]
    public async Task What_is_not_to_be_saved_by_now_takes_the_details_of_earlier_times_with_it()
    {
        var letter = await LetterOfAsync(
            """{"log_id":7,"save":false,"output":"o"}""", new LetterAttempt(1, Some.At(1), "poison", "It said o."));

        letter.Withheld.ShouldBeTrue();
        letter.Attempts[0].ShouldBe(new(1, Some.At(1), "poison", null));
        letter.Attempts.Length.ShouldBe(2);
    }

    private async Task<DeadLetter> LetterOfAsync(string body, LetterAttempt earlier)
    {
        var message = Some.Delivery(body, "flow.log.updated") with { Attempts = [earlier] };
        var chunk = await _ingestion.Processor().ProcessAsync([message], Token);
        return chunk.Refused.ShouldHaveSingleItem().Letter;
    }
}
