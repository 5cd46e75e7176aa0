using StableDiffCoder.Engine.Runtime;
using static TorchSharp.torch;

namespace StableDiffCoder.Engine.Tests.Runtime;

public sealed class ComputeDeviceTests
{
    [Fact]
    public void Parse_Cpu_IsTheCpu()
    {
        ComputeDevice device = ComputeDevice.Parse("cpu");
        Assert.Equal("cpu", device.Name);
        Assert.Equal(TorchSharp.DeviceType.CPU, device.Device.type);
    }

    [Theory]
    [InlineData("gpu")]
    [InlineData("cuda:")]
    [InlineData("cuda:-1")]
    [InlineData("cuda:9999")]
    [InlineData("")]
    public void Parse_NoSuchDevice_NamesIt(string name)
    {
        Assert.Contains($"\"{name}\"", Assert.Throws<ArgumentException>(() => ComputeDevice.Parse(name)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void DataType_ByName_IsThatType()
    {
        ComputeDevice device = ComputeDevice.Parse("cpu");
        Assert.Equal(ScalarType.Float32, device.DataType("float32", 1L << 33));
        Assert.Equal(ScalarType.BFloat16, device.DataType("bfloat16", 1000));
        Assert.Equal(device.HasNativeBfloat16 ? ScalarType.BFloat16 : ScalarType.Float32, device.DataType(null, 1L << 33));
        Assert.Equal(ScalarType.Float32, device.DataType(null, 4_000_000));
        Assert.Throws<ArgumentException>(() => device.DataType("int3", 1));
    }

    [Fact]
    public void HasNativeBfloat16_OnLinux_AgreesWithTheKernel()
    {
        if (
            !OperatingSystem.IsLinux()
            || System.Runtime.InteropServices.RuntimeInformation.ProcessArchitecture != System.Runtime.InteropServices.Architecture.X64
        )
        {
            return;
        }
        string flags = File.ReadLines("/proc/cpuinfo").First(line => line.StartsWith("flags", StringComparison.Ordinal));
        Assert.Equal(flags.Split(' ').Contains("avx512_bf16"), ComputeDevice.Parse("cpu").HasNativeBfloat16);
    }
}
