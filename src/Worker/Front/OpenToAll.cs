namespace Worker.Front;

/// <summary>An endpoint that asks for no key, because nothing that it shows is anybody's.</summary>
/// <param name="WhateverTheStore">It is answered before the store is asked whether there are keys at all.</param>
internal sealed record OpenToAll(bool WhateverTheStore = false);
