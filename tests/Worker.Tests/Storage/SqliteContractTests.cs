using Worker.Testing.Contracts;

namespace Worker.Tests.Storage;

// The SQLite store keeps every contract; each test has a file of its own.

public sealed class SqliteLogStoreContractTests : LogStoreContract<SqliteTestStore>;

public sealed class SqliteLogListingContractTests : LogListingContract<SqliteTestStore>;

public sealed class SqliteTraceStoreContractTests : TraceStoreContract<SqliteTestStore>;

public sealed class SqliteFileStoreContractTests : FileStoreContract<SqliteTestStore>;

public sealed class SqliteFileListingContractTests : FileListingContract<SqliteTestStore>;

public sealed class SqliteMonitoringStoreContractTests : MonitoringStoreContract<SqliteTestStore>;

public sealed class SqliteRunStoreContractTests : RunStoreContract<SqliteTestStore>;

public sealed class SqliteEvaluatorLogStoreContractTests : EvaluatorLogStoreContract<SqliteTestStore>;

public sealed class SqliteAttemptStoreContractTests : AttemptStoreContract<SqliteTestStore>;

public sealed class SqliteDeadLetterStoreContractTests : DeadLetterStoreContract<SqliteTestStore>;

public sealed class SqlitePostedVerdictStoreContractTests : PostedVerdictStoreContract<SqliteTestStore>;

public sealed class SqlitePoisonStoreContractTests : PoisonStoreContract<SqliteTestStore>;

public sealed class SqliteKeyStoreContractTests : KeyStoreContract<SqliteTestStore>;

public sealed class SqliteBudgetStoreContractTests : BudgetStoreContract<SqliteTestStore>;

public sealed class SqliteAlertStoreContractTests : AlertStoreContract<SqliteTestStore>;

public sealed class SqliteVerdictListingContractTests : VerdictListingContract<SqliteTestStore>;

public sealed class SqliteTraceListTests : TraceListContract<SqliteTestStore>;

public sealed class SqliteAlertContractTests : AlertContract<SqliteTestStore>;

public sealed class SqliteInboxContractTests : InboxContract<SqliteTestStore>;

public sealed class SqliteStoreContractTests : WholeStoreContract<SqliteTestStore>;

public sealed class SqliteOwnVerdictsTests : OwnVerdictsContract<SqliteTestStore>;

public sealed class SqliteConversationTests : ConversationContract<SqliteTestStore>;

public sealed class SqliteStoreLaws : StoreLawsContract<SqliteTestStore>;

public sealed class SqliteWaitingTests : WaitingContract<SqliteTestStore>;

public sealed class SqliteTransferTests : TransferContract<SqliteTestStore>;

public sealed class SqliteAgreementTests : AgreementContract<SqliteTestStore>;

public sealed class SqliteRetentionStoreTests : RetentionStoreContract<SqliteTestStore>;

public sealed class SqliteRetentionTests : RetentionContract<SqliteTestStore>;

public sealed class SqliteAuditStoreTests : AuditStoreContract<SqliteTestStore>;

public sealed class SqliteWorkerStoreTests : WorkerStoreContract<SqliteTestStore>;
