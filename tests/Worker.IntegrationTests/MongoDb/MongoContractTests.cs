using Worker.Testing.Contracts;

namespace Worker.IntegrationTests.MongoDb;

// The MongoDB store keeps every contract; each test has a database of its own.

public sealed class MongoLogStoreContractTests : LogStoreContract<MongoTestStore>;

public sealed class MongoLogListingContractTests : LogListingContract<MongoTestStore>;

public sealed class MongoTraceStoreContractTests : TraceStoreContract<MongoTestStore>;

public sealed class MongoFileStoreContractTests : FileStoreContract<MongoTestStore>;

public sealed class MongoFileListingContractTests : FileListingContract<MongoTestStore>;

public sealed class MongoMonitoringStoreContractTests : MonitoringStoreContract<MongoTestStore>;

public sealed class MongoRunStoreContractTests : RunStoreContract<MongoTestStore>;

public sealed class MongoEvaluatorLogStoreContractTests : EvaluatorLogStoreContract<MongoTestStore>;

public sealed class MongoAttemptStoreContractTests : AttemptStoreContract<MongoTestStore>;

public sealed class MongoPostedVerdictStoreContractTests : PostedVerdictStoreContract<MongoTestStore>;

public sealed class MongoPoisonStoreContractTests : PoisonStoreContract<MongoTestStore>;

public sealed class MongoKeyStoreContractTests : KeyStoreContract<MongoTestStore>;

public sealed class MongoBudgetStoreContractTests : BudgetStoreContract<MongoTestStore>;

public sealed class MongoAlertStoreContractTests : AlertStoreContract<MongoTestStore>;

public sealed class MongoVerdictListingContractTests : VerdictListingContract<MongoTestStore>;

public sealed class MongoTraceListTests : TraceListContract<MongoTestStore>;

public sealed class MongoAlertContractTests : AlertContract<MongoTestStore>;

public sealed class MongoStoreContractTests : WholeStoreContract<MongoTestStore>;

public sealed class MongoOwnVerdictsTests : OwnVerdictsContract<MongoTestStore>;

public sealed class MongoConversationTests : ConversationContract<MongoTestStore>;

public sealed class MongoStoreLaws : StoreLawsContract<MongoTestStore>;

public sealed class MongoWaitingTests : WaitingContract<MongoTestStore>;

public sealed class MongoAgreementTests : AgreementContract<MongoTestStore>;

public sealed class MongoTransferTests : TransferContract<MongoTestStore>
{
    protected override int Exports => 5;
}

public sealed class MongoRetentionStoreTests : RetentionStoreContract<MongoTestStore>;

public sealed class MongoRetentionTests : RetentionContract<MongoTestStore>;

public sealed class MongoAuditStoreTests : AuditStoreContract<MongoTestStore>;

public sealed class MongoWorkerStoreTests : WorkerStoreContract<MongoTestStore>;
