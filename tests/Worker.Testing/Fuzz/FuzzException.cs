namespace Worker.Testing.Fuzz;

/// <summary>A chunk that did not go the whole way: which, and the messages of it that do it.</summary>
internal sealed class FuzzException(ulong seed, IReadOnlyList<HostileDelivery> culprits, Exception fault) : Exception(
    $"{fault.GetType().Name}: {fault.Message}\nTo see it again: WORKER_TEST_FUZZ_SEED={seed} WORKER_TEST_FUZZ_CASES=1\n"
    + (culprits.Count > 0 ? string.Join('\n', culprits) : "In memory, and without the chunks before it, its messages do not do it."),
    fault);
