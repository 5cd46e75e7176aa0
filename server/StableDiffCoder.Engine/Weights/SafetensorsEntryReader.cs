using System.Text.Json;

namespace StableDiffCoder.Engine.Weights;

/// <summary>Reads one <c>"name":{"dtype":…,"shape":[…],"data_offsets":[begin,end]}</c> of a safetensors header; arithmetic is checked.</summary>
internal static class SafetensorsEntryReader
{
    public static SafetensorsEntry Read(JsonProperty property, long dataStart, long fileLength, string path)
    {
        string name = property.Name;
        if (property.Value.ValueKind != JsonValueKind.Object)
        {
            throw Fault("is not an object");
        }
        SafetensorsElementType type = ElementType(Field("dtype", JsonValueKind.String).GetString()!);
        long[] shape = Integers(Field("shape", JsonValueKind.Array), "shape");
        long[] offsets = Integers(Field("data_offsets", JsonValueKind.Array), "data_offsets");
        if (offsets.Length != 2 || offsets[0] > offsets[1])
        {
            throw Fault("has data_offsets that are not a begin and an end");
        }
        // Not begin + dataStart: that could overflow before it is compared.
        if (offsets[1] > fileLength - dataStart)
        {
            throw Fault($"ends {offsets[1]} bytes into the data, which has only {fileLength - dataStart}: the file is cut short");
        }
        long length = offsets[1] - offsets[0];
        if (ByteLength(type, shape) is var expected && expected != length)
        {
            throw Fault($"has {length} bytes, and {type.Name} [{string.Join(", ", shape)}] takes {expected}");
        }
        return new SafetensorsEntry(name, type, shape, dataStart + offsets[0], length);

        ModelLoadException Fault(string fault) => SafetensorsHeader.Invalid(path, $"the tensor {SafetensorsHeader.Quote(name)} {fault}");

        JsonElement Field(string field, JsonValueKind kind) =>
            property.Value.TryGetProperty(field, out JsonElement value) && value.ValueKind == kind
                ? value
                : throw Fault($"lacks '{field}' or has it in another type");

        SafetensorsElementType ElementType(string dtype) =>
            SafetensorsElementType.Find(dtype) ?? throw Fault($"has the unknown dtype {SafetensorsHeader.Quote(dtype)}");

        long[] Integers(JsonElement array, string field) =>
            [
                .. array
                    .EnumerateArray()
                    .Select(item =>
                        item.ValueKind == JsonValueKind.Number && item.TryGetInt64(out long number) && number >= 0
                            ? number
                            : throw Fault($"has a '{field}' with something that is not a whole number from 0 to 2^63 - 1")
                    ),
            ];

        long ByteLength(SafetensorsElementType elementType, long[] dimensions)
        {
            try
            {
                long bits = dimensions.Aggregate(1L, (product, dimension) => checked(product * dimension));
                bits = checked(bits * elementType.Bits);
                return bits % 8 == 0 ? bits / 8 : throw Fault("does not end on a whole byte");
            }
            catch (OverflowException)
            {
                throw Fault("has a shape whose size overflows");
            }
        }
    }
}
