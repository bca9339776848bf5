namespace Worker.Testing.Fuzz;

/// <summary>A chunk that did not go the whole way: which, and the message that does it alone.</summary>
internal sealed class FuzzException(ulong seed, HostileDelivery? culprit, Exception fault) : Exception(
    $"{fault.GetType().Name}: {fault.Message}\nTo see it again: WORKER_TEST_FUZZ_SEED={seed} WORKER_TEST_FUZZ_CASES=1"
    + $"\n{culprit?.ToString() ?? "None of the chunk's messages does it alone in memory."}",
    fault);
