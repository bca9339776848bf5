using Shouldly;
using Worker.Evaluation;
using Worker.Testing;
using Xunit;

namespace Worker.Tests.Evaluation;

public sealed class OpenClaimsTests
{
    [Fact]
    public void There_is_room_again_when_claims_are_seen_through_or_lapse()
    {
        var claims = new OpenClaims();
        claims.Open(Enumerable.Range(0, OpenClaims.Limit).Select(number => $"f{number}"), until: Some.At(1000));
        claims.Room(Some.At(999)).ShouldBe(0);

        claims.Close("f1");
        claims.Close("not open");
        claims.Room(Some.At(999)).ShouldBe(1);

        claims.Open(["f1"], until: Some.At(2000));
        claims.Room(Some.At(1000)).ShouldBe(OpenClaims.Limit - 1);
    }
}
