namespace Worker.Models;

/// <summary>Why a provider gave no answer, or not the whole of it.</summary>
internal enum ModelFault
{
    /// <summary>It will not do what was asked: the request, the model, the key or the account is at fault.</summary>
    Refused,

    /// <summary>It was asked too often.</summary>
    Busy,

    /// <summary>It failed by itself, cannot be reached, or said what nobody can read.</summary>
    Failed,

    /// <summary>It took too long.</summary>
    Late,
}
