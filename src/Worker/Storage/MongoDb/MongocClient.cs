using Microsoft.Win32.SafeHandles;

namespace Worker.Storage.MongoDb;

/// <summary>A client taken from its pool, to which it goes back; the pool lives at least as long.</summary>
internal sealed class MongocClient : SafeHandleZeroOrMinusOneIsInvalid
{
    private readonly MongocPool _pool;

    /// <summary>Invalid when none was free in time.</summary>
    public MongocClient(MongocPool pool)
        : base(ownsHandle: true)
    {
        var isHeld = false;
        pool.DangerousAddRef(ref isHeld);
        _pool = pool;
        SetHandle(LibMongoc.mongoc_client_pool_pop(pool));
        if (IsInvalid)
            pool.DangerousRelease();
    }

    protected override bool ReleaseHandle()
    {
        LibMongoc.mongoc_client_pool_push(_pool, handle);
        _pool.DangerousRelease();
        return true;
    }
}
