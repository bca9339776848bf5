namespace Worker.Benchmarks.Soak;

/// <summary>Whether a worker's memory and handles were flat, by the longest of its lives.</summary>
internal static class Flatness
{
    public static void Report(SoakWorker worker, Report report, SoakFaults faults)
    {
        var life = worker.Lives.MaxBy(samples => samples.Count)!;
        report.Add(new($"{worker.Name}: peak memory", worker.Lives.Max(samples => samples.PeakMegabytes), "MB"));
        report.Add(new($"{worker.Name}: its longest life", life.Length.TotalMinutes, "minutes"));
        if (!life.IsTelling)
        {
            Benchmarks.Report.Progress($"{worker.Name} did not live for long enough to say whether its memory is flat");
            return;
        }

        var (megabytes, handles) = (life.Megabytes, life.Handles);
        report.Add(new($"{worker.Name}: memory, second third", megabytes.Before, "MB"));
        report.Add(new($"{worker.Name}: memory, last third", megabytes.After, "MB", Ceiling: life.MegabytesAllowed));
        report.Add(new($"{worker.Name}: handles, second third", handles.Before, ""));
        report.Add(new($"{worker.Name}: handles, last third", handles.After, "", Ceiling: life.HandlesAllowed));
        if (megabytes.After > life.MegabytesAllowed)
            faults.Add($"The memory of {worker.Name} is not flat.");
        if (handles.After > life.HandlesAllowed)
            faults.Add($"The handles of {worker.Name} are not flat.");
    }
}
