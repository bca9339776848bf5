using Microsoft.Extensions.Logging.Testing;

namespace Worker.Client.Tests;

public sealed class SpoolTests : IDisposable
{
    private const long Room = 1024 * 1024;

    private readonly string _root = Directory.CreateTempSubdirectory("worker-spool-").FullName;
    private readonly FakeLogger _log = new();

    private string[] Segments => [.. Directory.GetFiles(_root, "*.segment", SearchOption.AllDirectories).Order()];

    [Fact]
    public void What_is_appended_is_read_in_order_with_all_its_parts()
    {
        using var spool = Open();
        var messages = Messages(0, 500);

        spool.Append(messages).ShouldBe(500);

        var read = All(spool);
        read.Select(Parts).ShouldBe(messages.Select(Parts));
        spool.IsEmpty.ShouldBeTrue();
        spool.Bytes.ShouldBe(0);
        Segments.ShouldBeEmpty();
    }

    [Fact]
    public void What_is_not_confirmed_is_read_again_by_the_same_and_by_the_next()
    {
        using (var spool = Open())
        {
            spool.Append(Messages(0, 10)).ShouldBe(10);
            spool.Read(4, Room).Count.ShouldBe(4);
            spool.Confirm();
            spool.Read(4, Room)[0].MessageId.ShouldBe("id-4");
            spool.Read(4, Room)[0].MessageId.ShouldBe("id-4");
        }

        using var next = Open();
        All(next).Count.ShouldBe(10);
    }

    [Fact]
    public void Several_segments_are_kept_in_order_and_deleted_one_by_one()
    {
        using var spool = Open();
        for (var i = 0; i < 10; i++)
            spool.Append([Message(i, bytes: 30_000)]).ShouldBe(1);
        var before = Segments.Length;
        before.ShouldBeGreaterThan(3);

        spool.Read(3, Room).Count.ShouldBeLessThan(4);
        spool.Confirm();

        Segments.Length.ShouldBeLessThan(before);
        All(spool).Select(message => message.MessageId).ShouldBe(Enumerable.Range(2, 8).Select(i => $"id-{i}"));
    }

    [Fact]
    public void What_has_no_room_is_not_appended_until_there_is()
    {
        using var spool = Open();
        var messages = Enumerable.Range(0, 20).Select(i => Message(i, bytes: 100_000)).ToList();

        spool.Append(messages).ShouldBe(10);
        spool.Append(messages).ShouldBe(0);
        spool.Bytes.ShouldBeLessThanOrEqualTo(Room);
        All(spool);

        spool.Append(messages).ShouldBe(10);
    }

    [Fact]
    public void A_torn_last_record_is_left_out_wherever_it_was_torn()
    {
        int whole;
        using (var spool = Open())
        {
            spool.Append(Messages(0, 3));
            whole = (int)spool.Bytes;
            spool.Append([Message(3)]);
        }

        var segment = Segments.ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(segment);
        for (var length = whole; length < bytes.Length; length++)
        {
            File.WriteAllBytes(segment, bytes[..length]);
            using var spool = Open();
            All(spool).Select(message => message.MessageId).ShouldBe(["id-0", "id-1", "id-2"]);
            Segments.ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_record_that_the_disk_has_changed_is_never_sent()
    {
        using (var spool = Open())
            spool.Append(Messages(0, 3));
        var segment = Segments.ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(segment);
        for (var at = 0; at < bytes.Length; at++)
        {
            var changed = bytes.ToArray();
            changed[at] ^= 0x10;
            File.WriteAllBytes(segment, changed);
            using var spool = Open();
            var read = All(spool);
            read.Count.ShouldBeLessThan(3);
            read.Select(Parts).ShouldBe(Messages(0, 3).Take(read.Count).Select(Parts));
        }

        _log.Collector.GetSnapshot().Count(record => record.Id.Name == "SpoolTorn").ShouldBe(bytes.Length);
    }

    [Fact]
    public void A_second_process_takes_another_folder_and_what_the_first_left_is_taken_up_by_the_next()
    {
        using (var first = Open())
        using (var second = Open())
        {
            first.Append([Message(1)]).ShouldBe(1);
            second.Append([Message(2)]).ShouldBe(1);
            Segments.Select(Path.GetDirectoryName).Distinct().Count().ShouldBe(2);
            All(second).ShouldHaveSingleItem().MessageId.ShouldBe("id-2");
            second.Append([Message(3)]);
        }

        using var next = Open();
        All(next).Select(message => message.MessageId).ShouldBe(["id-1", "id-3"]);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_keeps_nothing_and_is_told_once()
    {
        var file = Path.Combine(_root, "file");
        File.WriteAllText(file, "");
        using var spool = new Spool(Path.Combine(file, "spool"), Room, _log);

        spool.Append([Message(1)]).ShouldBe(0);
        spool.Append([Message(1)]).ShouldBe(0);

        spool.IsEmpty.ShouldBeTrue();
        _log.Collector.GetSnapshot().ShouldHaveSingleItem().Id.Name.ShouldBe("SpoolFailed");
    }

    [Fact]
    public void What_is_kept_is_readable_by_its_user_alone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Needs Unix file modes.");
            return;
        }

        using var spool = Open();
        spool.Append([Message(1)]);

        File.GetUnixFileMode(Segments.ShouldHaveSingleItem())
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static List<OutgoingMessage> All(Spool spool)
    {
        var all = new List<OutgoingMessage>();
        while (spool.Read(100, Room) is { Count: > 0 } messages)
        {
            all.AddRange(messages);
            spool.Confirm();
        }

        return all;
    }

    private static List<OutgoingMessage> Messages(int from, int count) =>
        [.. Enumerable.Range(from, count).Select(i => Message(i))];

    private static OutgoingMessage Message(int number, int bytes = 20) => new(
        "tool.logged", $"id-{number}", number % 2 == 0 ? null : $"00-{number}", new byte[bytes].Select(
            (_, index) => (byte)(number + index)).ToArray());

    private static string Parts(OutgoingMessage message) =>
        $"{message.Type} {message.MessageId} {message.TraceParent} {Convert.ToHexString(message.Body.Span)}";

    private Spool Open()
    {
        var spool = new Spool(_root, Room, _log);
        spool.Open().ShouldBeTrue();
        return spool;
    }
}
