using Worker.Evaluation.Hosts;

namespace Worker.Tests.Evaluation.Hosts;

/// <summary>How a host's program is found.</summary>
public sealed class HostProcessTests
{
    [Theory]
    [InlineData("sh", "/nowhere::/bin:/usr/bin", "/bin/sh")]
    [InlineData("/opt/python3", "/bin", "/opt/python3")]
    [InlineData("./python3", "/bin", "./python3")]
    [InlineData("no-such-program", "/bin", "no-such-program")]
    [InlineData("sh", null, "sh")]
    public void It_is_called_by_its_whole_path_where_it_is_found(string program, string? path, string called) =>
        HostProcess.WholePathOf(program, path).ShouldBe(called);
}
