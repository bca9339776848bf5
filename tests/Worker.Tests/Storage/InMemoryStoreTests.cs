using Worker.Testing.Contracts;

namespace Worker.Tests.Storage;

// The in-memory store keeps every contract, so that what is tested on it holds on the others.

public sealed class InMemoryLogStoreTests : LogStoreContract<InMemoryTestStore>;

public sealed class InMemoryLogListingTests : LogListingContract<InMemoryTestStore>;

public sealed class InMemoryTraceStoreTests : TraceStoreContract<InMemoryTestStore>;

public sealed class InMemoryFileStoreTests : FileStoreContract<InMemoryTestStore>;

public sealed class InMemoryFileListingTests : FileListingContract<InMemoryTestStore>;

public sealed class InMemoryMonitoringStoreTests : MonitoringStoreContract<InMemoryTestStore>;

public sealed class InMemoryRunStoreTests : RunStoreContract<InMemoryTestStore>;

public sealed class InMemoryEvaluatorLogStoreTests : EvaluatorLogStoreContract<InMemoryTestStore>;

public sealed class InMemoryAttemptStoreTests : AttemptStoreContract<InMemoryTestStore>;

public sealed class InMemoryDeadLetterStoreTests : DeadLetterStoreContract<InMemoryTestStore>;

public sealed class InMemoryPostedVerdictStoreTests : PostedVerdictStoreContract<InMemoryTestStore>;

public sealed class InMemoryPoisonStoreTests : PoisonStoreContract<InMemoryTestStore>;

public sealed class InMemoryKeyStoreTests : KeyStoreContract<InMemoryTestStore>;

public sealed class InMemoryBudgetStoreTests : BudgetStoreContract<InMemoryTestStore>;

public sealed class InMemoryAlertStoreTests : AlertStoreContract<InMemoryTestStore>;

public sealed class InMemoryVerdictListingTests : VerdictListingContract<InMemoryTestStore>;

public sealed class InMemoryTraceListTests : TraceListContract<InMemoryTestStore>;

public sealed class InMemoryAlertTests : AlertContract<InMemoryTestStore>;

public sealed class InMemoryInboxTests : InboxContract<InMemoryTestStore>;

public sealed class InMemoryStoreTests : WholeStoreContract<InMemoryTestStore>;

public sealed class InMemoryConversationTests : ConversationContract<InMemoryTestStore>;

public sealed class InMemoryOwnVerdictsTests : OwnVerdictsContract<InMemoryTestStore>;

public sealed class InMemoryStoreLaws : StoreLawsContract<InMemoryTestStore>;

public sealed class InMemoryWaitingTests : WaitingContract<InMemoryTestStore>;

public sealed class InMemoryRetentionStoreTests : RetentionStoreContract<InMemoryTestStore>;

public sealed class InMemoryRetentionTests : RetentionContract<InMemoryTestStore>;

public sealed class InMemoryAuditStoreTests : AuditStoreContract<InMemoryTestStore>;

public sealed class InMemoryWorkerStoreTests : WorkerStoreContract<InMemoryTestStore>;
