using System.Text;
using Worker.Errors;
using Worker.Hosting;
using Worker.Masking;
using Worker.Traces;

namespace Worker.Tests.Masking;

public sealed class MaskingSettingsTests
{
    [Theory]
    [InlineData("Masking:Patterns:twice", @"(a)\1", "Masking:Patterns:twice is \"(a)\\1\"; the linear-time engine does not take it: leave out lookarounds, backreferences and atomic groups, and repeat less.")]
    [InlineData("Masking:Patterns:ahead", "a(?=b)", "Masking:Patterns:ahead is \"a(?=b)\"; the linear-time engine does not take it: leave out lookarounds, backreferences and atomic groups, and repeat less.")]
    [InlineData("Masking:Patterns:all", "a*", "Masking:Patterns:all is \"a*\"; it matches the empty text, and so would be everywhere.")]
    [InlineData("Masking:Patterns:a b", "a", "Masking:Patterns:a b is \"a\"; its name accepts letters, digits, - and _, at most 32.")]
    [InlineData("Masking:Fields:0", "inputs..x", "Masking:Fields:0 is \"inputs..x\"; it accepts names parted by dots, e.g. metadata.user.email, with * for any one name.")]
    [InlineData("Masking:Fields", "user, log_id", "Masking:Fields is \"log_id\"; log_id is never masked, because Logs are found and linked by it.")]
    [InlineData("Masking:Field", "user", "Masking:Field is not a key of the worker; Masking accepts Secrets, Fields, Patterns, Except.")]
    [InlineData("Masking:Secrets", "yes", "Masking:Secrets is \"yes\"; it accepts true or false, e.g. true.")]
    public void What_cannot_be_masked_by_is_refused_at_the_start(string key, string value, string sentence) =>
        Should.Throw<ConfigurationException>(() => Settings.Check(Configured.With((key, value)))).Faults.ShouldBe([sentence]);

    [Fact]
    public void What_is_no_regular_expression_is_refused_with_the_reason() =>
        Should.Throw<ConfigurationException>(() => Settings.Check(Configured.With(("Masking:Patterns:open", "a(")))).Faults
            .ShouldHaveSingleItem().ShouldStartWith("Masking:Patterns:open is \"a(\"; it is no regular expression: ");

    [Fact]
    public void A_pattern_that_would_take_for_ever_elsewhere_is_taken_and_takes_no_time()
    {
        var rules = MaskingSettings.Read(Configured.With(("Masking:Patterns:slow", "(a+)+$"))).Rules;
        var body = Encoding.UTF8.GetBytes($$"""{"output":"{{new string('a', 100_000)}}!"}""");
        new Masker(rules).Mask(body).Counts.ShouldBeNull();
    }

    [Fact]
    public void Lists_may_be_lists_or_texts_with_commas()
    {
        var rules = MaskingSettings.Read(Configured.With(
            ("Masking:Fields:0", "user"), ("Masking:Fields:1", "inputs.a"), ("Masking:Except", "card, metadata.b"))).Rules;
        rules.Fields.Select(path => path.Text).ShouldBe(["user", "inputs.a"]);
        rules.ExceptFields.Select(path => path.Text).ShouldBe(["metadata.b"]);
        rules.Masks("card").ShouldBeFalse();
        rules.Masks("jwt").ShouldBeTrue();
        rules.Words.ShouldBe("secrets by their shape, 2 fields");
    }

    [Fact]
    public void Every_field_that_links_orders_or_counts_is_protected() =>
        LogFields.All
            .Where(field => field.Reference || field.Type is FieldType.Date or FieldType.Number or FieldType.Boolean or FieldType.Status)
            .Where(field => !ProtectedFields.Has(Encoding.UTF8.GetBytes(field.Name)))
            .ShouldBeEmpty();
}
