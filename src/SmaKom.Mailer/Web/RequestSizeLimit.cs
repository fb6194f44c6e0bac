using Microsoft.AspNetCore.Http.Metadata;

namespace SmaKom.Mailer.Web;

/// <summary>How much an endpoint takes, where that is not what all forms may hold; more is answered with 413.</summary>
/// <param name="octets">Of the whole body.</param>
internal sealed class RequestSizeLimit(long octets) : IRequestSizeLimitMetadata
{
    public long? MaxRequestBodySize => octets;
}
