namespace Worker.Front;

/// <summary>An endpoint that asks for no key, because nothing that it shows is anybody's.</summary>
internal sealed record OpenToAll;
